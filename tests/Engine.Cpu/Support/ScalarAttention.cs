using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>One query's attention: by the reduction law as scalar code, to the last bit, and by its definition in double precision.</summary>
internal sealed class ScalarAttention(float[][] keys, float[][] values, LayerAttention settings)
{
    private const int Slots = KvLayout.BlockTokens;
    private readonly int width = keys[0].Length;

    public float[] ByTheLaw(float[] query, int position)
    {
        var scaled = query.Select(value => value * (float)Scale).ToArray();
        var (sums, weights, largest) = (new float[width], new float[Slots], float.MinValue);
        for (var start = settings.FirstVisible(position) / AttentionSpan.Tokens * AttentionSpan.Tokens; start <= position; start += AttentionSpan.Tokens)
        {
            var seen = Math.Min(AttentionSpan.Tokens, position - start + 1);
            var scores = Enumerable.Range(start, seen).Select(token => Score(scaled, token, position)).ToArray();
            var correction = largest;
            largest = Math.Max(largest, scores.Max());
            correction = Exp(correction - largest);
            for (var slot = 0; slot < Slots; slot++)
                weights[slot] *= correction;
            for (var i = 0; i < width; i++)
                sums[i] *= correction;
            for (var token = 0; token < seen; token++)
            {
                var weight = Exp(scores[token] - largest);
                weights[token % Slots] += weight;
                for (var i = 0; i < width; i++)
                    sums[i] = MathF.FusedMultiplyAdd(weight, values[start + token][i], sums[i]);
            }
        }

        var eight = Enumerable.Range(0, 8).Select(i => weights[i] + weights[i + 8]).ToArray();
        var total = eight[0] + eight[4] + (eight[2] + eight[6]) + (eight[1] + eight[5] + (eight[3] + eight[7]));
        return [.. sums.Select(sum => sum / total)];
    }

    public double[] ByDefinition(float[] query, int position)
    {
        var first = settings.FirstVisible(position);
        var scores = Enumerable.Range(first, position - first + 1).Select(token => Bound(Enumerable.Range(0, width).Sum(i => (double)query[i] * keys[token][i]) * Scale)).ToArray();
        var largest = scores.Max();
        var total = scores.Sum(score => Math.Exp(score - largest));
        return [.. Enumerable.Range(0, width).Select(i => scores.Select((score, token) => Math.Exp(score - largest) * values[first + token][i]).Sum() / total)];
    }

    private double Scale => settings.Scale > 0 ? settings.Scale : 1f / MathF.Sqrt(width);

    private double Bound(double score) => settings.SoftCap > 0 ? settings.SoftCap * Math.Tanh(score / settings.SoftCap) : score;

    private float Score(float[] query, int token, int position)
    {
        if (token < settings.FirstVisible(position))
            return float.NegativeInfinity;

        var score = 0f;
        for (var i = 0; i < width; i++)
            score = MathF.FusedMultiplyAdd(keys[token][i], query[i], score);
        return settings.SoftCap > 0 ? settings.SoftCap * VectorMath.Tanh(Vector256.Create(score / settings.SoftCap))[0] : score;
    }

    private static float Exp(float value) => VectorMath.Exp(Vector256.Create(value))[0];
}
