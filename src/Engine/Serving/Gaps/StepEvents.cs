using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;

namespace Penstock.Engine.Serving.Gaps;

/// <summary>
/// What the steps so far did besides making tokens, as counts that only grow: a stream keeps those of its last token, and the
/// difference to now says what happened in between. So a token costs the same however many steps or streams there were.
/// </summary>
internal struct StepEvents
{
    /// <summary>Masks, or a collection, are a gap's cause when they took at least this share of what the gap exceeds the target by.</summary>
    private const double PauseShare = 0.5;

    private long interactiveRows;
    private long standardRows;
    private long batchRows;
    private double movedTokens;
    private long evictedBlocks;
    private TimeSpan paused;
    private TimeSpan masked;

    /// <summary>Takes in a step that was run.</summary>
    /// <param name="plan">What it did.</param>
    /// <param name="totalPause">How long the runtime has stood still for collections since its start.</param>
    /// <param name="totalEvicted">Blocks of cached prefixes evicted since the start.</param>
    public void Note(StepPlan plan, TimeSpan totalPause, long totalEvicted)
    {
        movedTokens += plan.Work.MovedTokens;
        (paused, evictedBlocks) = (totalPause, totalEvicted);
        foreach (var slice in plan.Slices)
        {
            if (!slice.IsPrefill)
                continue;

            switch (slice.Group.Terms.Class)
            {
                case ServiceClass.Interactive: interactiveRows += slice.Rows; break;
                case ServiceClass.Standard: standardRows += slice.Rows; break;
                default: batchRows += slice.Rows; break;
            }
        }
    }

    /// <summary>Takes in time that went into masks of constraints.</summary>
    public void NoteMasks(TimeSpan time) => masked += time;

    /// <summary>Why a stream waited from <paramref name="before"/> until now.</summary>
    /// <param name="before">The events up to its last token.</param>
    /// <param name="preempted">Whether it gave way in between.</param>
    /// <param name="excess">What the gap exceeds the target by.</param>
    /// <returns>The cause, and for a prompt the class that had most of its rows.</returns>
    public readonly (GapCause Cause, ServiceClass? Class) Explain(in StepEvents before, bool preempted, TimeSpan excess)
    {
        if (preempted)
            return (GapCause.Preemption, null);
        if (movedTokens > before.movedTokens)
            return (GapCause.KvMovement, null);

        var (interactive, standard, batch) = (interactiveRows - before.interactiveRows, standardRows - before.standardRows, batchRows - before.batchRows);
        if (interactive + standard + batch > 0)
        {
            var most = interactive >= standard && interactive >= batch ? ServiceClass.Interactive : standard >= batch ? ServiceClass.Standard : ServiceClass.Batch;
            return (GapCause.Prefill, most);
        }

        if (masked - before.masked >= excess * PauseShare)
            return (GapCause.Constraint, null);

        // Eviction moves nothing: it is the cause only where nothing was computed that took longer.
        if (evictedBlocks > before.evictedBlocks)
            return (GapCause.KvMovement, null);

        return paused - before.paused >= excess * PauseShare ? (GapCause.GarbageCollection, null) : (GapCause.Unknown, null);
    }
}
