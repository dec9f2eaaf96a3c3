using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization;

/// <summary>Encodes a tensor a few megabytes at a time: rows in parallel, batches in order.</summary>
internal static class RowBatches
{
    private const int BatchElements = 1 << 20;

    /// <summary>Gives the values of one row.</summary>
    public delegate void RowSource(long row, Span<float> values);

    /// <summary>Takes the next encoded bytes.</summary>
    public delegate void BatchSink(ReadOnlySpan<byte> bytes);

    /// <param name="source">Called from several threads at once.</param>
    /// <param name="sink">Called in order, from the caller's thread.</param>
    public static void Run(TensorType type, long columns, long rows, RowSource source, BatchSink sink, CancellationToken cancellationToken)
    {
        var rowBytes = (int)type.ByteLength(columns);
        var batchRows = (int)Math.Clamp(BatchElements / columns, 1, rows);
        var bytes = new byte[(long)batchRows * rowBytes];
        for (var first = 0L; first < rows; first += batchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = (int)Math.Min(batchRows, rows - first);
            var start = first;
            Parallel.For(0, count, () => new float[columns], (row, _, values) =>
            {
                source(start + row, values);
                TensorCodec.Quantize(type, values, bytes.AsSpan(row * rowBytes, rowBytes));
                return values;
            }, static _ => { });
            sink(bytes.AsSpan(0, count * rowBytes));
        }
    }
}
