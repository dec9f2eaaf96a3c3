using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Requests;

/// <summary>
/// Counts what happens to a generation's tokens after they leave the engine: handed over to whoever writes the answer,
/// then delivered, once flushed to a reader who is still there.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="gapTarget">Beyond it a reader is slow; null = nothing is counted.</param>
public sealed class Delivery(TimeProvider time, TimeSpan? gapTarget = null)
{
    private long takenAt;

    /// <summary>How often the reader took what was written to it later than the gap target allows.</summary>
    public int SlowReads { get; private set; }

    /// <summary>The longest that the reader let something wait, when that was over the gap target.</summary>
    public TimeSpan LongestSlowRead { get; private set; }

    /// <summary>Tokens of all events read from the engine.</summary>
    public int HandedOver { get; private set; }

    /// <summary>Those of them that reached the reader.</summary>
    public int Delivered { get; private set; }

    /// <summary>Timestamp of the flush that carried the first token; 0 = none.</summary>
    public long FirstAt { get; private set; }

    /// <summary>Timestamp of the last flush; 0 = none.</summary>
    public long LastAt { get; private set; }

    /// <summary>An event was taken from the engine.</summary>
    public void Take(in GenerationEvent item)
    {
        HandedOver += item.Tokens;
        if (takenAt == 0)
        {
            takenAt = time.GetTimestamp();
        }
    }

    /// <summary>Everything taken so far has been flushed to a reader who is still there.</summary>
    public void Flushed()
    {
        LastAt = time.GetTimestamp();
        if (FirstAt == 0 && HandedOver > 0)
        {
            FirstAt = LastAt;
        }

        Delivered = HandedOver;
        var waited = takenAt == 0 ? TimeSpan.Zero : time.GetElapsedTime(takenAt, LastAt);
        takenAt = 0;
        if (waited > gapTarget)
        {
            SlowReads++;
            LongestSlowRead = waited > LongestSlowRead ? waited : LongestSlowRead;
        }
    }
}
