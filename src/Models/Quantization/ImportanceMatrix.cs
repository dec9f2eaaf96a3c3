using System.Runtime.InteropServices;
using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization;

/// <summary>How much each column of each matrix matters: the mean square of the activations that met it on some text. Read from llama.cpp's GGUF form.</summary>
/// <remarks>The squared error of a product is the sum over the columns of the weight's squared error times the activation's mean square, so that is what a search should minimise.</remarks>
public sealed class ImportanceMatrix
{
    private const string SumsSuffix = ".in_sum2";
    private const string CountsSuffix = ".counts";

    private readonly Dictionary<string, float[]> meanSquares;

    private ImportanceMatrix(Dictionary<string, float[]> meanSquares) => this.meanSquares = meanSquares;

    /// <summary>Matrices that it knows.</summary>
    public int Count => meanSquares.Count;

    /// <summary>Reads a file that <c>llama-imatrix</c> wrote as GGUF.</summary>
    /// <exception cref="GgufException">It is not one, or has figures that are negative or not finite; the tensor is named.</exception>
    public static ImportanceMatrix Read(string path)
    {
        using var file = GgufFile.Open(path);
        if (file.Metadata.StringOrDefault("general.type") != "imatrix")
            throw new GgufException(path, "this is no importance matrix", "Give the .gguf file that llama-imatrix wrote; its older .dat form is not read.");

        var columns = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var sums in file.Tensors.Where(tensor => tensor.Name.EndsWith(SumsSuffix, StringComparison.Ordinal)))
        {
            var name = sums.Name[..^SumsSuffix.Length];
            var counts = file.Find(name + CountsSuffix)
                ?? throw Fault(file, sums, $"has no counts beside it ({GgufName.Printable(name + CountsSuffix)})");
            columns.Add(name, Means(file, sums, Floats(file, sums), Floats(file, counts)));
        }

        return new ImportanceMatrix(columns);
    }

    /// <summary>Mean squares of a matrix's inputs; null where the text never met it.</summary>
    /// <param name="tensor">A matrix of the model.</param>
    /// <param name="expert">Which one of a tensor of three dimensions.</param>
    /// <exception cref="GgufException">The figures are for another shape.</exception>
    internal ReadOnlySpan<float> For(GgufFile model, GgufTensor tensor, long expert)
    {
        if (!meanSquares.TryGetValue(tensor.Name, out var means))
            return [];
        var width = tensor.Shape[0];
        var experts = tensor.Shape.Count > 2 ? tensor.Shape[2] : 1;
        if (means.Length != width * experts)
        {
            throw new GgufException(
                model.Path,
                $"the importance matrix has {means.Length} columns for the tensor {GgufName.Printable(tensor.Name)}, which has {width * experts}",
                "Make the importance matrix with this model.");
        }

        return means.AsSpan((int)(expert * width), (int)width);
    }

    private static float[] Means(GgufFile file, GgufTensor tensor, float[] sums, float[] counts)
    {
        if (counts.Length == 0 || sums.Length % counts.Length != 0)
            throw Fault(file, tensor, $"has {sums.Length} sums for {counts.Length} counts");
        var width = sums.Length / counts.Length;
        for (var i = 0; i < sums.Length; i++)
        {
            var count = counts[i / width];
            if (!(sums[i] >= 0) || !float.IsFinite(sums[i]) || !(count >= 0) || !float.IsFinite(count))
                throw Fault(file, tensor, "has a figure that is negative or not finite");
            // An expert that the text never reached: all its columns count alike.
            sums[i] = count > 0 ? sums[i] / count : 1;
        }

        return sums;
    }

    private static float[] Floats(GgufFile file, GgufTensor tensor)
    {
        if (tensor.Type != TensorType.F32)
            throw Fault(file, tensor, $"is stored as {tensor.Type.Name()} where F32 is expected");
        var values = new float[tensor.ElementCount];
        file.Read(tensor, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static GgufException Fault(GgufFile file, GgufTensor tensor, string problem) =>
        new(file.Path, $"the tensor {GgufName.Printable(tensor.Name)} {problem}", "Make the importance matrix again.");
}
