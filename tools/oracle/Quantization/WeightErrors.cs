using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Tools.Oracle.Quantization;

/// <summary>How far two quantized files are from their source.</summary>
/// <param name="Ours">Relative RMS error over all tensors that were rounded.</param>
/// <param name="Theirs">The same of the other file.</param>
/// <param name="SameTypes">Whether every tensor has the same type in both.</param>
internal sealed record WeightErrors(double Ours, double Theirs, bool SameTypes)
{
    public static WeightErrors Of(string source, string ours, string theirs)
    {
        using var exact = GgufFile.Open(source);
        using var one = GgufFile.Open(ours);
        using var other = GgufFile.Open(theirs);
        double ourError = 0, theirError = 0, square = 0;
        foreach (var tensor in exact.Tensors.Where(tensor => one.Find(tensor.Name)!.Type != tensor.Type))
        {
            var values = Values(exact, tensor.Name);
            square += values.Sum(value => (double)value * value);
            ourError += Distance(values, Values(one, tensor.Name));
            theirError += Distance(values, Values(other, tensor.Name));
        }

        return new(Math.Sqrt(ourError / square), Math.Sqrt(theirError / square), one.Tensors.All(tensor => other.Find(tensor.Name)?.Type == tensor.Type));
    }

    private static double Distance(float[] one, float[] other) => one.Zip(other, (a, b) => ((double)a - b) * ((double)a - b)).Sum();

    private static float[] Values(GgufFile file, string name)
    {
        var tensor = file.Find(name)!;
        var bytes = new byte[tensor.ByteLength];
        var values = new float[tensor.ElementCount];
        file.Read(tensor, 0, bytes);
        TensorCodec.Dequantize(tensor.Type, bytes, values);
        return values;
    }
}
