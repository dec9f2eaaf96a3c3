using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>A file's weights as numbers, and products with them in double precision.</summary>
/// <param name="file">The model.</param>
/// <param name="halfScales">Keep the scale of a block of quantized activations in half precision, as llama.cpp does; the engine keeps it as a float.</param>
internal sealed class ReferenceWeights(GgufFile file, bool halfScales)
{
    private readonly Dictionary<string, (float[] Values, bool Quantized)> known = [];

    public bool Has(string name) => file.Find(name) is not null;

    public float[] Vector(string name) => Load(name).Values;

    public double[] Row(string name, int row, int width) => [.. Load(name).Values.AsSpan(row * width, width).ToArray().Select(value => (double)value)];

    /// <summary>The product with a matrix, or with the rows of one expert's.</summary>
    public double[] Multiply(string name, double[] x, int expert = 0, int experts = 1)
    {
        var (values, quantized) = Load(name);
        var input = quantized ? Quantize(x) : x;
        var result = new double[values.Length / experts / x.Length];
        var first = expert * (values.Length / experts);
        for (var row = 0; row < result.Length; row++)
        {
            for (var i = 0; i < x.Length; i++)
                result[row] += values[first + (row * x.Length) + i] * input[i];
        }

        return result;
    }

    // Activations meet quantized weights quantized, in the engine and in llama.cpp.
    private double[] Quantize(double[] x) => [.. x.Chunk(32).SelectMany(block =>
    {
        var quantum = block.Max(Math.Abs) / 127;
        return block.Select(value => quantum == 0 ? 0 : Math.Round(value / quantum) * (halfScales ? (double)(Half)quantum : quantum));
    })];

    private (float[] Values, bool Quantized) Load(string name)
    {
        if (known.TryGetValue(name, out var loaded))
            return loaded;

        var tensor = file.Find(name)!;
        var bytes = new byte[tensor.ByteLength];
        file.Read(tensor, 0, bytes);
        var values = new float[tensor.ElementCount];
        TensorCodec.Dequantize(tensor.Type, bytes, values);
        return known[name] = (values, tensor.Type is TensorType.Q8_0 or TensorType.Q4_0);
    }
}
