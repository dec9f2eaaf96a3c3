using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Engine.Adapters;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Scheduling.Order;
using Penstock.Engine.Serving.Loop;

namespace Penstock.Engine.Serving.Requests;

/// <summary>A request in the engine, from the queue to its summary. Everything but cancelling belongs to the loop's thread.</summary>
internal abstract class EngineRequest
{
    // Place in the loop's heap of deadlines.
    private int deadlinePlace;

    private readonly TaskCompletionSource<GenerationSummary> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The prompts that it has the scheduler work on.</summary>
    public abstract IReadOnlyList<RequestGroup> Groups { get; }

    /// <summary>The adapter that computes it, held while it lives; null = none.</summary>
    public ServedAdapter? Adapter { get; init; }

    /// <summary>Its part in the running step, shared with whoever cancels.</summary>
    public StepMembership Membership { get; } = new();

    public Task<GenerationSummary> Completion => completion.Task;

    /// <summary>Whether a step has been planned that computes something for it.</summary>
    public bool Admitted { get; set; }

    public long AdmittedAt { get; set; }

    /// <summary>Why it ends.</summary>
    public RequestStop Ending { get; set; } = RequestStop.Complete;

    /// <summary>On whose account and how urgently it runs.</summary>
    public GroupTerms Terms => Groups[0].Terms;

    /// <summary>The tokens that each of its answers has at least.</summary>
    public virtual int LeastOutputTokens => 0;

    public int PromptTokens => Groups.Sum(group => group.Prompt.Length);

    /// <summary>Takes the results of a slice that was computed for it and decides for its choices.</summary>
    /// <returns>Null, or why the request failed.</returns>
    public abstract PenstockError? Take(PlannedSlice slice, StepContext step);

    /// <summary>Whether all that was asked for is there.</summary>
    public abstract bool Complete { get; }

    /// <summary>Called once, after its KV was let go: the last events go out and the summary is made.</summary>
    /// <returns>Null, or the fault that kept it from being summed up: then the readers get the fault, so that nobody waits for ever.</returns>
    public Exception? End(long now)
    {
        try
        {
            completion.TrySetResult(Summarize(now));
            return null;
        }
        catch (Exception fault)
        {
            Abandon(fault);
            completion.TrySetException(fault);
            return fault;
        }
    }

    /// <summary>Ends the readers' wait with a fault.</summary>
    protected virtual void Abandon(Exception fault)
    {
    }

    /// <summary>Tells the readers how it ended (<see cref="Ending"/>) and sums up.</summary>
    protected abstract GenerationSummary Summarize(long now);

    protected long ScheduledAt()
    {
        var first = 0L;
        foreach (var group in Groups)
        {
            if (group.ScheduledAt != 0 && (first == 0 || group.ScheduledAt < first))
                first = group.ScheduledAt;
        }

        return first;
    }

    /// <summary>Whose deadline comes first.</summary>
    internal readonly struct ByDeadline : IHeapOrder<EngineRequest>
    {
        public static bool Before(EngineRequest first, EngineRequest second) => first.Terms.Deadline < second.Terms.Deadline;

        public static ref int Place(EngineRequest item) => ref item.deadlinePlace;
    }

    protected TokenCounts PromptCounts()
    {
        var prefilled = Groups.Sum(group => group.Prefilled);
        var cached = Groups.Sum(group => group.Cached);
        return new TokenCounts { Prompt = PromptTokens, Cached = cached, Prefilled = prefilled, NotReached = PromptTokens - cached - prefilled };
    }
}
