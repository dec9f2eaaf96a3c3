namespace Penstock.Routing.Hedging;

/// <summary>How long the last answers of one target's model took to their first event: the newest <see cref="Remembered"/>, so that it follows the target. Thread-safe.</summary>
public sealed class FirstEventTimes
{
    /// <summary>How many are kept: 1/256 is finer than any quantile that is asked for but the highest.</summary>
    public const int Remembered = 256;

    /// <summary>Fewer than this say nothing of a tail: one in twenty is what p95 is about.</summary>
    public const int Fewest = 20;

    private readonly Lock gate = new();
    private readonly TimeSpan[] times = new TimeSpan[Remembered];
    private int count;
    private int next;

    /// <summary>
    /// An answer took so long to begin, or had not begun after so long when it was let go: without those, hedging would make the target look quicker than it is and hedge
    /// ever sooner.
    /// </summary>
    public void Add(TimeSpan time)
    {
        lock (gate)
        {
            times[next] = time;
            next = (next + 1) % Remembered;
            count = Math.Min(count + 1, Remembered);
        }
    }

    /// <summary>The time within which this share of them began (nearest rank); null while there are fewer than <see cref="Fewest"/>.</summary>
    public TimeSpan? Quantile(double share)
    {
        Span<TimeSpan> sorted = stackalloc TimeSpan[Remembered];
        lock (gate)
        {
            if (count < Fewest)
            {
                return null;
            }

            times.AsSpan(0, count).CopyTo(sorted);
            sorted = sorted[..count];
        }

        sorted.Sort();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
