using Penstock.Contracts.Generation;

namespace Penstock.Engine.Serving.Text;

/// <summary>Sampled tokens whose text is not shown yet: where each begins, and its log-probability when asked for. A ring that grows to its high-water mark.</summary>
internal sealed class TokenQueue
{
    private (long Start, TokenLogProb? LogProb)[] items = new (long, TokenLogProb?)[16];
    private int head;

    public int Count { get; private set; }

    /// <summary>Offset in the choice's text at which the oldest token begins.</summary>
    public long FirstStart => items[head].Start;

    public void Add(long start, TokenLogProb? logProb)
    {
        if (Count == items.Length)
            Grow();
        items[(head + Count++) % items.Length] = (start, logProb);
    }

    public TokenLogProb? Take()
    {
        var logProb = items[head].LogProb;
        items[head] = default;
        head = (head + 1) % items.Length;
        Count--;
        return logProb;
    }

    public void Clear()
    {
        while (Count > 0)
            Take();
    }

    private void Grow()
    {
        var grown = new (long, TokenLogProb?)[items.Length * 2];
        for (var i = 0; i < Count; i++)
            grown[i] = items[(head + i) % items.Length];
        (items, head) = (grown, 0);
    }
}
