using System.Buffers;
using System.IO.Pipelines;

namespace Penstock.Gateway.Idempotency;

/// <summary>The body of an answer that goes to no client but to whoever takes its chunks: what is written between two flushes is one. One user at a time.</summary>
/// <param name="take">Takes a chunk, which is its own from then on.</param>
/// <param name="gone">Cancelled when nobody wants the answer any more.</param>
internal sealed class CapturedBody(Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken gone) : PipeWriter
{
    private ArrayBufferWriter<byte> pending = new();

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => pending.WrittenCount;

    public override Memory<byte> GetMemory(int sizeHint = 0) => pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => pending.GetSpan(sizeHint);

    public override void Advance(int bytes) => pending.Advance(bytes);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var chunk = pending.WrittenCount > 0 ? pending.WrittenSpan.ToArray() : [];
        pending.ResetWrittenCount();
        await take(chunk);
        return new FlushResult(isCanceled: false, isCompleted: gone.IsCancellationRequested);
    }

    public override void CancelPendingFlush()
    {
        // A flush waits for nothing but the disk.
    }

    public override void Complete(Exception? exception = null) => pending = new();
}
