using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>The llama architecture as its papers write it, in double precision and without any cleverness. Quantizes activations where the weights are quantized, as the engine does.</summary>
internal sealed class ReferenceLlama
{
    private readonly GgufFile file;
    private readonly ModelDescription model;
    private readonly Dictionary<string, (float[] Values, bool Quantized)> weights = [];

    private readonly bool halfScales;

    /// <param name="file">The model.</param>
    /// <param name="halfScales">Keep the scale of a block of quantized activations in half precision, as llama.cpp does; the engine keeps it as a float.</param>
    public ReferenceLlama(GgufFile file, bool halfScales = false)
    {
        this.file = file;
        this.halfScales = halfScales;
        model = ModelDescription.From(file);
    }

    /// <summary>Logits after the last token.</summary>
    public double[] Logits(int[] tokens)
    {
        var (heads, kvHeads, width) = (model.HeadCount, model.KvHeadCount, model.HeadWidth);
        var x = tokens.Select(token => Row("token_embd.weight", token, model.EmbeddingWidth)).ToArray();
        for (var layer = 0; layer < model.LayerCount; layer++)
        {
            var blk = $"blk.{layer}.";
            var h = x.Select(row => Norm(row, blk + "attn_norm.weight")).ToArray();
            var q = h.Select((row, i) => Rotate(Multiply(blk + "attn_q.weight", row), i)).ToArray();
            var k = h.Select((row, i) => Rotate(Multiply(blk + "attn_k.weight", row), i)).ToArray();
            var v = h.Select(row => Multiply(blk + "attn_v.weight", row)).ToArray();
            for (var i = 0; i < x.Length; i++)
            {
                var attended = new double[heads * width];
                for (var head = 0; head < heads; head++)
                {
                    var kv = head / (heads / kvHeads) * width;
                    var scores = Enumerable.Range(0, i + 1).Select(t => Dot(q[i], head * width, k[t], kv, width) / Math.Sqrt(width)).ToArray();
                    var largest = scores.Max();
                    var total = scores.Sum(score => Math.Exp(score - largest));
                    for (var t = 0; t <= i; t++)
                    {
                        for (var d = 0; d < width; d++)
                            attended[(head * width) + d] += Math.Exp(scores[t] - largest) / total * v[t][kv + d];
                    }
                }

                x[i] = Add(x[i], Multiply(blk + "attn_output.weight", attended));
                var f = Norm(x[i], blk + "ffn_norm.weight");
                var gated = Multiply(blk + "ffn_gate.weight", f).Zip(Multiply(blk + "ffn_up.weight", f), (g, u) => g / (1 + Math.Exp(-g)) * u).ToArray();
                x[i] = Add(x[i], Multiply(blk + "ffn_down.weight", gated));
            }
        }

        return Multiply(file.Find("output.weight") is null ? "token_embd.weight" : "output.weight", Norm(x[^1], "output_norm.weight"));
    }

    /// <summary>Root mean square of the difference over that of the reference.</summary>
    public static double RelativeError(double[] expected, ReadOnlySpan<float> actual)
    {
        double difference = 0, size = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            difference += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            size += expected[i] * expected[i];
        }

        return Math.Sqrt(difference / size);
    }

    private static double Dot(double[] a, int from, double[] b, int other, int count) =>
        Enumerable.Range(0, count).Sum(i => a[from + i] * b[other + i]);

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (p, q) => p + q)];

    private double[] Norm(double[] x, string name)
    {
        var scale = 1 / Math.Sqrt(x.Sum(value => value * value) / x.Length + model.NormEpsilon);
        var weight = Load(name).Values;
        return [.. x.Select((value, i) => value * scale * weight[i])];
    }

    private double[] Rotate(double[] heads, int position)
    {
        var rope = model.Rope;
        var factors = rope.FactorsTensor is { } name ? Load(name).Values : null;
        var result = heads.ToArray();
        for (var start = 0; start < heads.Length; start += model.HeadWidth)
        {
            for (var i = 0; i < rope.Width; i += 2)
            {
                var angle = position * Math.Pow(rope.Base, -(double)i / rope.Width) / (factors?[i / 2] ?? 1) / rope.Factor;
                var (a, b) = (heads[start + i], heads[start + i + 1]);
                result[start + i] = (a * Math.Cos(angle)) - (b * Math.Sin(angle));
                result[start + i + 1] = (a * Math.Sin(angle)) + (b * Math.Cos(angle));
            }
        }

        return result;
    }

    private double[] Multiply(string name, double[] x)
    {
        var (values, quantized) = Load(name);
        var input = quantized ? Quantize(x) : x;
        var result = new double[values.Length / x.Length];
        for (var row = 0; row < result.Length; row++)
        {
            for (var i = 0; i < x.Length; i++)
                result[row] += values[(row * x.Length) + i] * input[i];
        }

        return result;
    }

    private double[] Quantize(double[] x) => [.. x.Chunk(32).SelectMany(block =>
    {
        var quantum = block.Max(Math.Abs) / 127;
        return block.Select(value => quantum == 0 ? 0 : Math.Round(value / quantum) * (halfScales ? (double)(Half)quantum : quantum));
    })];

    private double[] Row(string name, int row, int width) => [.. Load(name).Values.AsSpan(row * width, width).ToArray().Select(value => (double)value)];

    private (float[] Values, bool Quantized) Load(string name)
    {
        if (weights.TryGetValue(name, out var known))
            return known;

        var tensor = file.Find(name)!;
        var bytes = new byte[tensor.ByteLength];
        file.Read(tensor, 0, bytes);
        var values = new float[tensor.ElementCount];
        TensorCodec.Dequantize(tensor.Type, bytes, values);
        return weights[name] = (values, tensor.Type is TensorType.Q8_0 or TensorType.Q4_0);
    }
}
