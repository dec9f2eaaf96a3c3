using Penstock.Contracts.Requests;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling.Admission;
using Penstock.Engine.Scheduling.Cost;
using Penstock.Engine.Scheduling.Order;
using Penstock.Engine.Scheduling.Preemption;

namespace Penstock.Engine.Scheduling;

/// <summary>
/// Continuous batching (Yu et al. 2022, Orca) with chunked prefill (Agrawal et al. 2024, Sarathi-Serve) as a state machine:
/// <see cref="Plan"/> says what the next step computes, <see cref="Apply"/> takes in how it went. No time, thread or native
/// type of its own, so the same code runs in the server and in virtual time. One thread; allocates nothing for a step.
/// </summary>
/// <remarks>docs/scheduling.md says what it decides and why, and lists the invariants.</remarks>
public sealed class Scheduler
{
    private readonly IAdmissionOrder order;
    private readonly SchedulerOptions options;
    private readonly SequenceLeases leases;
    private readonly Preemptor preemptor;
    private readonly StepPlanner planner;
    private readonly List<SequenceGroup> running = [];
    private readonly TenantAccount nobody = new("", 1, 0);
    private readonly long batchPatience;
    private long submitted;

    /// <param name="kv">The runner's KV memory.</param>
    /// <param name="limits">Bounds of a step.</param>
    /// <param name="options">How to decide.</param>
    /// <param name="prefixes">Where prefixes are kept, with sequences of its own; null = they are not.</param>
    public Scheduler(IKvStore kv, SchedulerLimits limits, SchedulerOptions options, PrefixCache? prefixes = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxSequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.StepTokenBudget, limits.MaxSequences);
        this.options = options;
        order = options.MakeOrder();
        leases = new SequenceLeases(kv, limits.MaxSequences, new PrefixSharing(prefixes, kv));
        Cost = new StepCostModel(options.Prior);
        preemptor = new Preemptor(leases, Cost, options.SavedKvBytes);
        planner = new StepPlanner(this.options, limits.StepTokenBudget, leases, order, preemptor, Cost, running);
        batchPatience = (long)(options.Patience.Batch.TotalSeconds * options.TimestampFrequency);
    }

    /// <summary>Groups that have been admitted and have not ended.</summary>
    public int Running => running.Count;

    /// <summary>Groups that wait for admission, preempted ones included.</summary>
    public int Waiting => order.Count;

    public bool Idle => running.Count == 0 && order.Count == 0;

    /// <summary>Blocks that are free but belong to choices that have not forked yet.</summary>
    public int PromisedBlocks => leases.PromisedBlocks;

    /// <summary>What steps take here.</summary>
    public StepCostModel Cost { get; }

    /// <summary>What a new request has to expect. Thread-safe.</summary>
    public AdmissionForecast Forecast => planner.Forecast;

    /// <summary>Groups preempted since the start.</summary>
    public long Preemptions => preemptor.Preemptions;

    /// <summary>Bytes of preempted groups' KV that are kept in memory.</summary>
    public long SavedKvBytes => preemptor.SavedBytes;

    /// <summary>Whether the group could ever be admitted: alone, with all blocks and sequences free.</summary>
    public bool CanEverFit(SequenceGroup group) => leases.CanEverFit(group);

    /// <summary>Queues a group for which <see cref="CanEverFit"/> holds.</summary>
    /// <param name="group">The group.</param>
    /// <param name="now">When it arrived, as for <see cref="Plan"/>.</param>
    public void Submit(SequenceGroup group, long now = 0)
    {
        if (!CanEverFit(group))
            throw new ArgumentException("The group does not fit the KV memory even when it is alone.", nameof(group));

        (group.Tenant, group.Number, group.UrgentFrom) = (group.Terms.Tenant ?? nobody, ++submitted, UrgentFrom(group, now));
        group.Announce();
        order.Add(group, now);
    }

    /// <summary>Ends a group in whatever state it is, also one that was never submitted: a cancel or a failure. Its blocks are free or cached when this returns. Idempotent.</summary>
    /// <param name="group">The group.</param>
    /// <param name="keep">Whether what it has computed may be kept for those who come later: not when something went wrong.</param>
    public void End(SequenceGroup group, bool keep = false)
    {
        if (group.State == SequenceGroupState.Ended)
            return;

        if (group.Announced)
            group.Terms.Tenant?.AddOutstanding(group.Terms.Class, group.ChargedTo - group.Prompt.Length);
        if (group.Number > 0)
            Withdraw(group, keep);
        group.State = SequenceGroupState.Ended;
    }

    /// <summary>Of a tenant's waiting groups of a class that never ran, the one to give up first when the queue overflows, or null.</summary>
    public SequenceGroup? LastWaiting(ServiceClass ofClass, TenantAccount tenant) => order.Last(ofClass, tenant);

    /// <summary>Plans the next step. Nothing but admissions and preemptions change before <see cref="Apply"/>. The plan is empty only when <see cref="Idle"/>.</summary>
    public StepPlan Plan(long now)
    {
        order.Age(now);
        return planner.Plan(now);
    }

    /// <summary>Takes in how the step went. Groups of the plan that were ended meanwhile are passed over.</summary>
    /// <exception cref="InvalidOperationException">A sampled row has no decision: a bug of the caller.</exception>
    public void Apply(StepPlan plan, StepResult result)
    {
        switch (result.Outcome)
        {
            case StepOutcome.Completed:
                planner.Learn(plan, result.Duration);
                Advance(plan);
                Decide(plan, result);
                break;
            case StepOutcome.Aborted:
                break;
            default:
                foreach (var slice in plan.Slices)
                    End(slice.Group);
                break;
        }
    }

    /// <summary>Verifies the invariants. For tests.</summary>
    /// <returns>Null when all hold, else the first that does not.</returns>
    public string? Check() => leases.Check(running)
        ?? (running.Any(group => group.State == SequenceGroupState.Waiting || (group.Contends && group.State != SequenceGroupState.Prefilling))
            ? "a running group is in a wrong state or contends wrongly"
            : null);

    private void Withdraw(SequenceGroup group, bool keep)
    {
        if (group.State == SequenceGroupState.Waiting)
            order.Remove(group);
        else
            running.Remove(group);
        order.Leave(group);
        preemptor.Forget(group);
        leases.End(group, keep);
    }

    private void Advance(StepPlan plan)
    {
        foreach (var slice in plan.Slices)
        {
            var group = slice.Group;
            if (group.State == SequenceGroupState.Ended)
                continue;

            group.Advanced = true;
            if (!slice.IsPrefill)
                group.PatientUntil = plan.Now + batchPatience;
            else
                AdvancePrompt(group, slice);
        }
    }

    private void AdvancePrompt(SequenceGroup group, PlannedSlice slice)
    {
        group.Reached = Math.Max(group.Reached, Math.Min(slice.Start + slice.Rows, group.Prompt.Length));
        if (leases.Stored(group, group.Lead) < group.Prompt.Length)
            return;

        if (group.WantsHidden)
        {
            End(group);
            return;
        }

        if (slice.CompletesPrompt)
            leases.KeepPrompt(group);
        if (!group.Forked)
            leases.Fork(group);
        if (leases.CaughtUp(group))
        {
            group.State = SequenceGroupState.Decoding;
            order.Leave(group);
        }
    }

    private void Decide(StepPlan plan, StepResult result)
    {
        foreach (var decision in result.Decisions)
        {
            var group = decision.Group;
            if (group.State == SequenceGroupState.Ended)
                continue;

            ref var line = ref group.At(decision.Choice);
            order.Charge(group.Tenant, options.Weights.Output / group.Tenant.Weight);
            if (decision.Ends)
            {
                line.Sampled++;
                EndChoice(group, decision.Choice);
                continue;
            }

            if (line.Sampled + 1 >= group.MaxOutputTokens)
                throw new InvalidOperationException("A choice was continued beyond its most tokens.");
            group.DecidedSeveral |= decision.Follows;
            line.Tokens![line.Sampled++] = decision.Token;
        }

        foreach (var slice in plan.Slices)
            RequireDecisions(slice);
    }

    // A live choice has at least one token more than it has stored.
    private void RequireDecisions(PlannedSlice slice)
    {
        if (slice.Samples == 0 || slice.Group.State == SequenceGroupState.Ended)
            return;

        for (var choice = 0; choice < slice.Group.Choices; choice++)
        {
            ref var line = ref slice.Group.At(choice);
            if (line.Live && slice.Group.Prompt.Length + line.Sampled <= leases.Stored(slice.Group, choice))
                throw new InvalidOperationException("A choice was computed but nothing was decided for it.");
        }
    }

    private void EndChoice(SequenceGroup group, int choice)
    {
        if (group.Remaining == 1)
            End(group, keep: true);
        else
            leases.End(group, choice, keep: true);
    }

    // Half of the time that it has, or twice what it needs, before its deadline.
    private long UrgentFrom(SequenceGroup group, long now)
    {
        if (group.Terms.Class != ServiceClass.Batch || group.Terms.Deadline == GroupTerms.Never)
            return GroupTerms.Never;

        var prompt = default(StepWork).AndPrompt(0, group.Prompt.Length);
        var needs = Cost.Predict(prompt) + (group.MaxOutputTokens * Cost.Predict(default(StepWork).AndDecode(group.Prompt.Length)));
        var left = group.Terms.Deadline - now;
        return group.Terms.Deadline - Math.Max(left / 2, (long)Math.Min(left, 2 * needs * options.TimestampFrequency));
    }
}
