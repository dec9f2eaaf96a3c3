using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Engine.Serving.Gaps;

/// <summary>The gaps of one request between two tokens of a choice: the largest, and those over the target by cause. Belongs to the loop's thread.</summary>
internal sealed class GapTally
{
    private GapCounts counts;
    private TimeSpan target;
    private TimeSpan largestOver;
    private GapCause? largestCause;
    private ServiceClass? largestCauseClass;

    /// <summary>Longest gap; zero before there was one.</summary>
    public TimeSpan Largest { get; private set; }

    /// <summary>Takes in a gap of a choice.</summary>
    /// <param name="gap">How long it was.</param>
    /// <param name="events">The events up to now, and the engine's target and totals.</param>
    /// <param name="before">The events up to the choice's last token.</param>
    /// <param name="preempted">Whether the request gave way in between.</param>
    public void Add(TimeSpan gap, GapWatch events, in StepEvents before, bool preempted)
    {
        if (gap > Largest)
            Largest = gap;
        target = events.Target;
        if (target == TimeSpan.Zero || gap <= target)
            return;

        var (cause, ofClass) = events.Now.Explain(before, preempted, gap - target);
        counts[(int)cause]++;
        events.Count(cause);
        if (gap > largestOver)
            (largestOver, largestCause, largestCauseClass) = (gap, cause, ofClass);
    }

    public GapRecord ToRecord() => new()
    {
        Target = target,
        Counts = largestCause is null ? [] : ((ReadOnlySpan<int>)counts).ToArray(),
        LargestCause = largestCause,
        LargestCauseClass = largestCauseClass,
    };
}
