namespace Penstock.Engine.Serving.Text;

/// <summary>Buffers for output text that requests borrow while they live. Thread-safe: the loop borrows, readers return.</summary>
internal sealed class TextSegmentPool(int capacity)
{
    /// <summary>About a thousand tokens of text: the pool's lock is taken that rarely.</summary>
    public const int SegmentBytes = 4096;

    private readonly Lock gate = new();
    private readonly Stack<byte[]> segments = new(capacity);

    public byte[] Borrow()
    {
        lock (gate)
        {
            if (segments.TryPop(out var segment))
                return segment;
        }

        return new byte[SegmentBytes];
    }

    public void Return(byte[] segment)
    {
        lock (gate)
        {
            if (segments.Count < capacity && segment.Length == SegmentBytes)
                segments.Push(segment);
        }
    }
}
