using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization;

/// <summary>Encodes a tensor a few megabytes at a time: rows in parallel, batches in order.</summary>
internal static class RowBatches
{
    private const int BatchElements = 1 << 20;

    /// <summary>Gives the values of one row.</summary>
    public delegate void RowSource(long row, Span<float> values);

    /// <summary>Gives the weights of one row's values, as <see cref="TensorCodec.Quantize"/> takes them.</summary>
    public delegate ReadOnlySpan<float> RowWeights(long row);

    /// <summary>Takes the next encoded bytes.</summary>
    public delegate void BatchSink(ReadOnlySpan<byte> bytes);

    /// <param name="source">Called from several threads at once.</param>
    /// <param name="sink">Called in order, from the caller's thread.</param>
    /// <param name="weights">Called from several threads at once; null: none.</param>
    public static void Run(TensorType type, long columns, long rows, RowSource source, BatchSink sink, CancellationToken cancellationToken, RowWeights? weights = null)
    {
        var rowBytes = (int)type.ByteLength(columns);
        var batchRows = (int)Math.Clamp(BatchElements / columns, 1, rows);
        var bytes = new byte[(long)batchRows * rowBytes];
        for (var first = 0L; first < rows; first += batchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = (int)Math.Min(batchRows, rows - first);
            var start = first;
            try
            {
                Parallel.For(0, count, () => new float[columns], (row, _, values) =>
                {
                    source(start + row, values);
                    TensorCodec.Quantize(type, values, bytes.AsSpan(row * rowBytes, rowBytes), weights is null ? [] : weights(start + row));
                    return values;
                }, static _ => { });
            }
            catch (AggregateException error) when (error.InnerExceptions.All(inner => inner is GgufException))
            {
                throw error.InnerExceptions[0];
            }

            sink(bytes.AsSpan(0, count * rowBytes));
        }
    }
}
