using Penstock.Engine.Cpu.Memory;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Cosines and sines of rotary positions (Su et al. 2021), computed once a position, in double precision from each
/// pair's frequency. Scaling as llama.cpp reads it from GGUF: linear, factors by frequency (Llama 3, LongRoPE), YaRN (Peng et al. 2023).
/// </summary>
internal sealed unsafe class RopeTable : IDisposable
{
    private readonly NativeBuffer table;
    private readonly double[] frequencies;
    private readonly double magnitude;
    private readonly RopeOrder order;
    private int computed;

    /// <param name="rope">The model's description.</param>
    /// <param name="order">Which dimensions turn together.</param>
    /// <param name="factors">Divisors of the frequencies, one a pair, or empty.</param>
    /// <param name="contextLength">Positions to provide for; they are computed when first used.</param>
    /// <param name="trainedContext">The model's context length, where the description has no original one.</param>
    public RopeTable(RopeDescription rope, RopeOrder order, ReadOnlySpan<float> factors, int contextLength, int trainedContext)
    {
        this.order = order;
        Pairs = rope.Width / 2;
        frequencies = new double[Pairs];
        var mix = rope.Scaling == RopeScaling.Yarn ? (rope.ExtrapolationFactor < 0 ? 1.0 : rope.ExtrapolationFactor) : 0;
        var (low, high) = YarnRange(rope, rope.OriginalContextLength ?? trainedContext);
        for (var pair = 0; pair < Pairs; pair++)
        {
            var trained = Math.Pow(rope.Base, -2.0 * pair / rope.Width) / (factors.IsEmpty ? 1 : factors[pair]);
            var ramp = 1 - Math.Clamp((pair - low) / Math.Max(0.001, high - low), 0, 1);
            frequencies[pair] = (trained / rope.Factor * (1 - (ramp * mix))) + (trained * ramp * mix);
        }

        magnitude = rope.AttentionFactor * (mix == 0 ? 1 : 1 + (0.1 * Math.Log(Math.Max(1, rope.Factor))));
        table = new NativeBuffer((long)contextLength * Pairs * 2 * sizeof(float));
    }

    /// <summary>Pairs of dimensions that are rotated.</summary>
    public int Pairs { get; }

    /// <summary>Makes sure that positions below <paramref name="positions"/> are there. Caller's thread only.</summary>
    public void Extend(int positions)
    {
        for (; computed < positions; computed++)
        {
            var row = Row(computed);
            for (var pair = 0; pair < Pairs; pair++)
            {
                var (sine, cosine) = Math.SinCos(computed * frequencies[pair]);
                row[2 * pair] = (float)(cosine * magnitude);
                row[(2 * pair) + 1] = (float)(sine * magnitude);
            }
        }
    }

    /// <summary>Cosine and sine of each pair in turn.</summary>
    public float* Row(int position) => table.Floats + ((long)position * Pairs * 2);

    /// <summary>Rotates a head in place. Dimensions beyond the pairs stay.</summary>
    public void Rotate(float* head, int position)
    {
        var row = Row(position);
        var (step, other) = order == RopeOrder.Norm ? (2, 1) : (1, Pairs);
        for (var pair = 0; pair < Pairs; pair++, head += step)
        {
            var (first, second) = (head[0], head[other]);
            var (cosine, sine) = (row[2 * pair], row[(2 * pair) + 1]);
            head[0] = (first * cosine) - (second * sine);
            head[other] = (first * sine) + (second * cosine);
        }
    }

    public void Dispose() => table.Dispose();

    // Between these pairs YaRN goes from the trained frequency to the interpolated one: they turn BetaFast and BetaSlow times within the trained context.
    private static (double Low, double High) YarnRange(RopeDescription rope, int trainedContext)
    {
        double Pair(double turns) => rope.Width * Math.Log(trainedContext / (turns * 2 * Math.PI)) / (2 * Math.Log(rope.Base));
        return (Math.Max(0, Math.Floor(Pair(rope.BetaFast))), Math.Min(rope.Width - 1, Math.Ceiling(Pair(rope.BetaSlow))));
    }
}
