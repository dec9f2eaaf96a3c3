using Penstock.Engine.Running;

namespace Penstock.Engine.Scheduling;

/// <summary>
/// Continuous batching (Yu et al. 2022, Orca) with chunked prefill (Agrawal et al. 2024, Sarathi-Serve) as a state machine:
/// <see cref="Plan"/> says what the next step computes, <see cref="Apply"/> takes in how it went. No time, thread or native
/// type of its own, so the same code runs in the server and in virtual time. One thread; allocates nothing for a step.
/// </summary>
/// <remarks>
/// <para>A step holds every decode row, then chunks of the prompts that have started, oldest first, then new ones, within the
/// token budget. So a long prompt costs the others a bounded gap, and a started prompt is never overtaken.</para>
/// <para>A group is admitted only if its worst case fits the blocks that are there: the first choice's is reserved at once, the
/// other choices' is promised until they fork. So running out of blocks is refused at admission and never hit in a step.</para>
/// </remarks>
public sealed class Scheduler
{
    private readonly IKvStore kv;
    private readonly IAdmissionOrder waiting;
    private readonly List<SequenceGroup> running = [];
    private readonly Stack<int> sequences;
    private readonly StepPlan plan = new();
    private readonly int budget;
    private readonly int maxSequences;

    public Scheduler(IKvStore kv, SchedulerLimits limits, IAdmissionOrder waiting)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxSequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.StepTokenBudget, limits.MaxSequences);
        (this.kv, this.waiting) = (kv, waiting);
        (budget, maxSequences) = (limits.StepTokenBudget, limits.MaxSequences);
        sequences = new Stack<int>(Enumerable.Range(0, maxSequences).Reverse());
    }

    /// <summary>Groups that have been admitted and have not ended.</summary>
    public int Running => running.Count;

    /// <summary>Groups that wait for admission.</summary>
    public int Waiting => waiting.Count;

    public bool Idle => running.Count == 0 && waiting.Count == 0;

    /// <summary>Blocks that are free but belong to choices that have not forked yet.</summary>
    public int PromisedBlocks { get; private set; }

    /// <summary>Whether the group could ever be admitted: alone, with all blocks and sequences free.</summary>
    public bool CanEverFit(SequenceGroup group) => group.Choices <= maxSequences && group.WorstCaseBlocks(kv.BlockTokens) <= kv.TotalBlocks;

    /// <summary>Queues a group for which <see cref="CanEverFit"/> holds.</summary>
    public void Submit(SequenceGroup group)
    {
        if (!CanEverFit(group))
            throw new ArgumentException("The group does not fit the KV memory even when it is alone.", nameof(group));

        waiting.Add(group);
    }

    /// <summary>Ends a group in whatever state it is: a cancel or a failure. Its blocks are free when this returns. Idempotent.</summary>
    public void End(SequenceGroup group)
    {
        if (group.State == SequenceGroupState.Ended)
            return;

        if (group.State == SequenceGroupState.Waiting)
            waiting.Remove(group);
        else
            Leave(group);

        group.State = SequenceGroupState.Ended;
    }

    /// <summary>Plans the next step. Nothing but admissions change before <see cref="Apply"/>. The plan is empty only when <see cref="Idle"/>.</summary>
    public StepPlan Plan(long now)
    {
        plan.Clear(now);
        foreach (var group in running)
            PlanDecodes(group);

        var room = budget - plan.Batch.Rows;
        foreach (var group in running)
            room -= PlanPrefill(group, room);

        while (room > 0 && waiting.TryPeek(out var next) && Fits(next))
        {
            Admit(next);
            room -= PlanPrefill(next, room);
        }

        return plan;
    }

    /// <summary>Takes in how the step went. Groups of the plan that were ended meanwhile are passed over.</summary>
    /// <exception cref="InvalidOperationException">A sampled row has no decision: a bug of the caller.</exception>
    public void Apply(StepPlan plan, StepResult result)
    {
        switch (result.Outcome)
        {
            case StepOutcome.Completed:
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
    public string? Check()
    {
        if (PromisedBlocks > kv.FreeBlocks)
            return $"{PromisedBlocks} blocks are promised but {kv.FreeBlocks} are free";
        var promised = running.Where(group => group.State == SequenceGroupState.Prefilling).Sum(Promise);
        if (promised != PromisedBlocks)
            return $"{PromisedBlocks} blocks are promised, {promised} are owed";
        var live = running.Sum(group => group.LiveChoices);
        if (live + sequences.Count != maxSequences)
            return $"{live} sequences live and {sequences.Count} are free of {maxSequences}";
        return sequences.Any(sequence => kv.Length(sequence) != 0) ? "a free sequence holds tokens" : null;
    }

    private void PlanDecodes(SequenceGroup group)
    {
        if (group.State != SequenceGroupState.Decoding)
            return;

        for (var choice = 0; choice < group.Choices; choice++)
        {
            if (group.At(choice).Live)
                plan.AddDecode(group, choice);
        }
    }

    private int PlanPrefill(SequenceGroup group, int room)
    {
        if (group.State != SequenceGroupState.Prefilling || room == 0)
            return 0;

        var rows = Math.Min(room, group.Prompt.Length - group.Prefilled);
        plan.AddPrefill(group, rows);
        return rows;
    }

    private bool Fits(SequenceGroup group) =>
        group.Choices <= sequences.Count && group.WorstCaseBlocks(kv.BlockTokens) <= kv.FreeBlocks - PromisedBlocks;

    private void Admit(SequenceGroup group)
    {
        waiting.Remove(group);
        for (var choice = 0; choice < group.Choices; choice++)
            group.At(choice) = new SequenceGroup.Line { Sequence = sequences.Pop(), Live = true };

        group.LiveChoices = group.Choices;
        Reserve(group.At(0).Sequence, group);
        PromisedBlocks += Promise(group);
        (group.State, group.ScheduledAt) = (SequenceGroupState.Prefilling, plan.Now);
        running.Add(group);
    }

    private void Advance(StepPlan plan)
    {
        foreach (var slice in plan.Slices)
        {
            var group = slice.Group;
            if (slice.IsPrefill)
                group.Prefilled += slice.Rows;
            if (!slice.CompletesPrompt || group.State == SequenceGroupState.Ended)
                continue;

            if (group.WantsHidden)
                End(group);
            else
                Fork(group);
        }
    }

    private void Fork(SequenceGroup group)
    {
        PromisedBlocks -= Promise(group);
        group.State = SequenceGroupState.Decoding;
        for (var choice = 1; choice < group.Choices; choice++)
        {
            kv.Share(group.At(0).Sequence, group.At(choice).Sequence, 0, group.Prompt.Length);
            Reserve(group.At(choice).Sequence, group);
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
            line.NextToken = decision.Token;
            line.Sampled++;
            if (decision.Ends)
                Leave(group, decision.Choice);
            else if (line.Sampled >= group.MaxOutputTokens)
                throw new InvalidOperationException("A choice was continued beyond its most tokens.");
        }

        foreach (var slice in plan.Slices)
            RequireDecisions(slice);
    }

    // A live choice has sampled exactly one token more than it has stored.
    private void RequireDecisions(PlannedSlice slice)
    {
        if (slice.Samples == 0 || slice.Group.State == SequenceGroupState.Ended)
            return;

        for (var choice = 0; choice < slice.Group.Choices; choice++)
        {
            ref var line = ref slice.Group.At(choice);
            if (line.Live && slice.Group.Prompt.Length + line.Sampled - 1 != kv.Length(line.Sequence))
                throw new InvalidOperationException("A choice was computed but nothing was decided for it.");
        }
    }

    private void Leave(SequenceGroup group)
    {
        if (group.State == SequenceGroupState.Prefilling)
            PromisedBlocks -= Promise(group);
        for (var choice = 0; choice < group.Choices; choice++)
        {
            if (group.At(choice).Live)
                Return(group, choice);
        }

        running.Remove(group);
    }

    private void Leave(SequenceGroup group, int choice)
    {
        Return(group, choice);
        if (group.LiveChoices > 0)
            return;

        running.Remove(group);
        group.State = SequenceGroupState.Ended;
    }

    private void Return(SequenceGroup group, int choice)
    {
        ref var line = ref group.At(choice);
        kv.Release(line.Sequence);
        sequences.Push(line.Sequence);
        line.Live = false;
        group.LiveChoices--;
    }

    private void Reserve(int sequence, SequenceGroup group)
    {
        if (!kv.TryReserve(sequence, group.FinalLength))
            throw new InvalidOperationException("Blocks that were counted as free could not be reserved.");
    }

    private int Promise(SequenceGroup group) => (group.Choices - 1) * group.OwnBlocks(kv.BlockTokens);
}
