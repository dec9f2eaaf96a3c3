using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization;

/// <summary>Rewrites a model with its matrices in another type. Everything else is copied as it is.</summary>
/// <remarks>
/// Norms, biases, rotary factors and expert gates keep their type: they are small and the model is sensitive to them. With Q4_0 the
/// matrix that makes the logits (<c>output.weight</c>, or the token embeddings where they serve as output) becomes Q8_0, since its error goes
/// straight into every token's probability. A matrix whose rows are not whole blocks keeps its type.
/// </remarks>
public static class ModelQuantizer
{
    /// <summary>The types that can be made.</summary>
    public static IReadOnlyList<TensorType> Targets { get; } = [TensorType.Q8_0, TensorType.Q4_0];

    /// <summary>Writes <paramref name="source"/> to <paramref name="targetPath"/>; all cores work, and memory stays at a few MiB a core.</summary>
    /// <param name="source">The model. Matrices that are quantized already are quantized again, with more loss.</param>
    /// <param name="targetPath">Replaced when the new file is complete; a kill leaves it as it was.</param>
    /// <param name="target">One of <see cref="Targets"/>.</param>
    /// <param name="progress">Fractions from 0 to 1.</param>
    /// <exception cref="GgufException">A matrix has a type that cannot be read, or the target cannot be written.</exception>
    public static QuantizationReport Quantize(
        GgufFile source, string targetPath, TensorType target, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!Targets.Contains(target))
            throw new ArgumentOutOfRangeException(nameof(target), target, "Not a type that can be made.");

        var plan = source.Tensors.Select(tensor => new GgufTensorLayout(tensor.Name, TypeFor(source, tensor, target), tensor.Shape)).ToArray();
        using var writer = GgufWriter.Create(targetPath, Metadata(source, target), plan);
        var total = plan.Sum(tensor => tensor.ByteLength);
        var done = 0L;
        for (var i = 0; i < plan.Length; i++)
        {
            WriteTensor(source, source.Tensors[i], plan[i].Type, bytes =>
            {
                writer.Append(bytes);
                done += bytes.Length;
                progress?.Report((double)done / total);
            }, cancellationToken);
        }

        writer.Complete();
        return new QuantizationReport(
            source.Tensors.Zip(plan).Count(pair => pair.First.Type != pair.Second.Type),
            source.Tensors.Zip(plan).Where(pair => IsMatrix(pair.First) && pair.Second.Type.BlockElements() == 1).Select(pair => pair.First.Name).ToArray(),
            source.Length,
            new FileInfo(targetPath).Length);
    }

    private static void WriteTensor(GgufFile source, GgufTensor tensor, TensorType type, RowBatches.BatchSink sink, CancellationToken cancellationToken)
    {
        if (type == tensor.Type)
        {
            var buffer = new byte[Math.Min(tensor.ByteLength, 4 << 20)];
            for (var at = 0L; at < tensor.ByteLength; at += buffer.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.ByteLength - at));
                source.Read(tensor, at, part);
                sink(part);
            }

            return;
        }

        using var rowBytes = new ThreadLocal<byte[]>(() => new byte[tensor.RowBytes]);
        RowBatches.Run(type, tensor.Shape[0], tensor.RowCount, (row, values) =>
        {
            source.Read(tensor, row * tensor.RowBytes, rowBytes.Value!);
            TensorCodec.Dequantize(tensor.Type, rowBytes.Value!, values);
        }, sink, cancellationToken);
    }

    private static TensorType TypeFor(GgufFile source, GgufTensor tensor, TensorType target)
    {
        if (!IsMatrix(tensor))
            return tensor.Type;
        var makesLogits = tensor.Name == "output.weight" || (tensor.Name == "token_embd.weight" && source.Find("output.weight") is null);
        var type = makesLogits && target == TensorType.Q4_0 ? TensorType.Q8_0 : target;
        if (type == tensor.Type || tensor.Shape[0] % type.BlockElements() != 0)
            return tensor.Type;
        return TensorCodec.Supports(tensor.Type) ? type : throw new GgufException(
            source.Path, $"the tensor {GgufName.Printable(tensor.Name)} is stored as {tensor.Type.Name()}, which cannot be quantized again", "Start from the F32, F16, BF16 or Q8_0 form of the model.");
    }

    private static bool IsMatrix(GgufTensor tensor) =>
        tensor.Shape.Count >= 2
        && tensor.Name.EndsWith(".weight", StringComparison.Ordinal)
        && !tensor.Name.Contains("norm", StringComparison.Ordinal)
        && !tensor.Name.Contains("ffn_gate_inp", StringComparison.Ordinal)
        && !tensor.Name.StartsWith("rope_", StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(GgufFile source, TensorType target)
    {
        var overrides = new Dictionary<string, GgufValue>(StringComparer.Ordinal)
        {
            ["general.file_type"] = GgufFileType.For(target),
            ["general.quantization_version"] = GgufFileType.QuantizationVersion,
        };
        foreach (var (key, value) in source.Metadata)
            yield return new(key, overrides.Remove(key, out var replacement) ? replacement : value);
        foreach (var added in overrides)
            yield return added;
    }
}
