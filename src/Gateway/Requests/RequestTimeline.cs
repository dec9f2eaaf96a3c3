using Penstock.Contracts.Records;

namespace Penstock.Gateway.Requests;

/// <summary>
/// Divides a request's wall time among its phases. Ending a phase gives it all time that no phase has yet, so the phases
/// always sum to the time accounted for, whatever order they end in. One user at a time.
/// </summary>
public sealed class RequestTimeline
{
    private readonly TimeProvider time;
    private readonly long start;
    private readonly TimeSpan[] durations = new TimeSpan[(int)RequestPhase.Record + 1];
    private TimeSpan accounted;

    private RequestTimeline(TimeProvider time)
    {
        this.time = time;
        ReceivedAt = time.GetUtcNow();
        start = time.GetTimestamp();
    }

    /// <summary>UTC, when the request's first byte was handled.</summary>
    public DateTimeOffset ReceivedAt { get; }

    public static RequestTimeline Start(TimeProvider time) => new(time);

    /// <summary>Ends <paramref name="phase"/> now.</summary>
    public void End(RequestPhase phase) => EndAt(phase, time.GetTimestamp());

    /// <summary>Ends <paramref name="phase"/> at a <see cref="TimeProvider.GetTimestamp"/> value; 0 or an earlier time than the last end adds nothing.</summary>
    public void EndAt(RequestPhase phase, long timestamp)
    {
        if (timestamp == 0)
        {
            return;
        }

        // Differences of times since the start, not of neighbours: rounding to ticks then cancels out in the sum.
        var end = time.GetElapsedTime(start, timestamp);
        if (end > accounted)
        {
            durations[(int)phase] += end - accounted;
            accounted = end;
        }
    }

    /// <summary>Time from receipt to a <see cref="TimeProvider.GetTimestamp"/> value.</summary>
    public TimeSpan Until(long timestamp) => time.GetElapsedTime(start, timestamp);

    /// <summary>The phases so far.</summary>
    public PhaseDurations ToDurations() => new()
    {
        Receive = durations[(int)RequestPhase.Receive],
        Authorize = durations[(int)RequestPhase.Authorize],
        Route = durations[(int)RequestPhase.Route],
        Admit = durations[(int)RequestPhase.Admit],
        Schedule = durations[(int)RequestPhase.Schedule],
        Prefill = durations[(int)RequestPhase.Prefill],
        Decode = durations[(int)RequestPhase.Decode],
        Deliver = durations[(int)RequestPhase.Deliver],
        Finish = durations[(int)RequestPhase.Finish],
    };
}
