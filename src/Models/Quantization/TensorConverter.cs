using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization;

/// <summary>Writes one tensor of a file in another type, or copies it.</summary>
internal sealed class TensorConverter(GgufFile source, ImportanceMatrix? importance)
{
    private const int CopyBytes = 4 << 20;

    public void Convert(GgufTensor tensor, TensorType type, RowBatches.BatchSink sink, CancellationToken cancellationToken)
    {
        if (type == tensor.Type)
        {
            Copy(tensor, sink, cancellationToken);
            return;
        }

        var weights = Weights(tensor);
        var rowsOfExpert = tensor.Shape[1];
        using var rowBytes = new ThreadLocal<byte[]>(() => new byte[tensor.RowBytes]);
        RowBatches.Run(type, tensor.Shape[0], tensor.RowCount, (row, values) =>
        {
            source.Read(tensor, row * tensor.RowBytes, rowBytes.Value!);
            TensorCodec.Dequantize(tensor.Type, rowBytes.Value!, values);
            Check(tensor, type, row, values);
        }, sink, cancellationToken, row => weights[row / rowsOfExpert % weights.Length]);
    }

    /// <summary>One set for each expert; all are empty where nothing is known.</summary>
    private float[][] Weights(GgufTensor tensor)
    {
        var experts = tensor.Shape.Count > 2 ? (int)tensor.Shape[2] : 1;
        var weights = new float[experts][];
        for (var expert = 0; expert < experts; expert++)
            weights[expert] = importance is null ? [] : RowImportance.Normalize(importance.For(source, tensor, expert));
        return weights;
    }

    private void Copy(GgufTensor tensor, RowBatches.BatchSink sink, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(tensor.ByteLength, CopyBytes)];
        for (var at = 0L; at < tensor.ByteLength; at += buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.ByteLength - at));
            source.Read(tensor, at, part);
            sink(part);
        }
    }

    private void Check(GgufTensor tensor, TensorType type, long row, ReadOnlySpan<float> values)
    {
        // F16 holds nothing larger, and it is what all quantized types store scales in.
        var largest = type is TensorType.F32 or TensorType.BF16 ? float.MaxValue : (float)Half.MaxValue;
        foreach (var value in values)
        {
            if (Math.Abs(value) <= largest)
                continue;
            var problem = float.IsFinite(value) ? $"has the weight {value:G4}, which {type.Name()} cannot hold (the limit is {largest:G5})," : "has a weight that is not a finite number";
            throw new GgufException(
                source.Path,
                $"the tensor {GgufName.Printable(tensor.Name)} {problem} in row {row}",
                float.IsFinite(value) ? "Keep the model as BF16." : "The file is damaged or its training diverged; convert or download it again.");
        }
    }
}
