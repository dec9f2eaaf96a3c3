using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling.Admission;
using Penstock.Engine.Scheduling.Cost;
using Penstock.Engine.Scheduling.Order;
using Penstock.Engine.Scheduling.Preemption;

namespace Penstock.Engine.Scheduling;

/// <summary>Composes a step: streams, then prompts in the order of admission, then what may run in what is left over.</summary>
internal sealed class StepPlanner
{
    private const int LoneSteps = 3;

    private readonly StepPlan plan = new();
    private readonly List<SequenceGroup> started = [];
    private readonly SchedulerOptions options;
    private readonly SequenceLeases leases;
    private readonly IAdmissionOrder order;
    private readonly Preemptor preemptor;
    private readonly List<SequenceGroup> running;
    private readonly StepBudget budget;
    private readonly int maxRows;
    private readonly bool fair;
    private int firstLeftOver;
    private bool promptsWait;

    public StepPlanner(SchedulerOptions options, int maxRows, SequenceLeases leases, IAdmissionOrder order, Preemptor preemptor, StepCostModel cost, List<SequenceGroup> running)
    {
        (this.options, this.maxRows, this.leases, this.order, this.preemptor, this.running) = (options, maxRows, leases, order, preemptor, running);
        fair = options.Policy == SchedulingPolicy.Fair;
        Forecast = new AdmissionForecast(fair);
        var gap = options.Policy == SchedulingPolicy.Unchunked ? double.PositiveInfinity : options.GapTarget?.TotalSeconds ?? double.PositiveInfinity;
        budget = new StepBudget(cost, gap, options.LoneStepTarget?.TotalSeconds ?? (LoneSteps * gap), options.PrefillEvery, leases.BlockTokens);
    }

    /// <summary>What a new request has to expect.</summary>
    public AdmissionForecast Forecast { get; }

    public StepPlan Plan(long now)
    {
        plan.Clear(now);
        promptsWait = false;
        budget.Begin(fair ? MakeRoom(now) : 0);
        if (options.Policy == SchedulingPolicy.Unchunked)
            PlanUnchunked();
        else
            PlanChunked(now);

        budget.End(promptsWait);
        (plan.Work, plan.PredictedSeconds) = (budget.Work, budget.Predicted);
        Forecast.Publish(budget.SecondsPerPromptToken(maxRows), budget.Predicted, budget.Known);
        return plan;
    }

    /// <summary>Takes in what a step took.</summary>
    public void Learn(StepPlan plan, TimeSpan duration) => budget.Learn(plan.Work, duration.TotalSeconds);

    private void PlanChunked(long now)
    {
        var last = fair && AnybodyUrgent(now) ? ServiceClass.Standard : ServiceClass.Batch;
        foreach (var group in running)
        {
            if (group.Class <= last)
                PlanDecodes(group);
        }

        PlanPrompts(ServiceClass.Interactive, last, mayForce: true);
        if (last == ServiceClass.Batch)
            return;

        // What runs in what is left over takes no more than that, unless there is nothing else.
        PlanLeftOverDecodes();
        PlanPrompts(ServiceClass.Batch, ServiceClass.Batch, mayForce: plan.IsEmpty);
    }

    // Decoding stands still while there is a prompt to compute.
    private void PlanUnchunked()
    {
        PlanPrompts(ServiceClass.Interactive, ServiceClass.Batch, mayForce: true);
        if (!plan.IsEmpty)
            return;

        foreach (var group in running)
            PlanDecodes(group);
    }

    // Before anything of the step is planned, since who gives way may have been decoding.
    private int MakeRoom(long now)
    {
        var saved = 0;
        while (order.Peek() is { } next && preemptor.Victim(next, running) is { } victim)
        {
            saved += preemptor.Suspend(victim);
            running.Remove(victim);
            victim.State = SequenceGroupState.Waiting;
            order.Add(victim, now);
            plan.Preemptions++;
        }

        return saved;
    }

    // A batch group that decodes and gets no turn is lifted as one that waits.
    private bool AnybodyUrgent(long now)
    {
        var urgent = order.Peek() is { Class: < ServiceClass.Batch };
        foreach (var group in running)
        {
            if (group is { State: SequenceGroupState.Decoding, Class: ServiceClass.Batch } && now >= Math.Min(group.PatientUntil, group.UrgentFrom))
                group.Class = ServiceClass.Standard;
            urgent |= group.Class < ServiceClass.Batch;
        }

        return urgent;
    }

    private void PlanDecodes(SequenceGroup group)
    {
        if (group.State != SequenceGroupState.Decoding)
            return;

        for (var choice = 0; choice < group.Choices; choice++)
        {
            if (!group.At(choice).Live)
                continue;

            PlanDecode(group, choice);
        }
    }

    // A row, or several where more than one token was decided in the last step: all of them but as many as leave every other sequence its row.
    private void PlanDecode(SequenceGroup group, int choice)
    {
        var last = group.StoredWhenDecoding(choice);
        var start = group.DecidedSeveral ? leases.Stored(group, choice) : last;
        if (start == last)
        {
            plan.AddDecode(group, choice, start);
            budget.AddDecode(start);
            return;
        }

        var rows = Math.Max(1, Math.Min(last + 1 - start, maxRows - plan.Batch.Rows - (leases.MaxSequences - plan.Slices.Length - 1)));
        if (start + rows > last)
            plan.AddDecode(group, choice, start);
        else
            plan.AddRecompute(group, choice, start, rows);
        budget.AddPrompt(start, rows);
    }

    // Each step begins with another group, so that all get on when there is room for some.
    private void PlanLeftOverDecodes()
    {
        if (running.Count == 0)
            return;

        firstLeftOver = (firstLeftOver + 1) % running.Count;
        for (var i = 0; i < running.Count; i++)
        {
            var group = running[(firstLeftOver + i) % running.Count];
            if (group is not { State: SequenceGroupState.Decoding, Class: ServiceClass.Batch })
                continue;
            if (plan.Batch.Rows + group.LiveChoices > maxRows || (!plan.IsEmpty && !budget.HasRoomForDecode(group.StoredWhenDecoding(group.Lead))))
                return;

            PlanDecodes(group);
        }
    }

    // Classes before the first have had their turn in this plan: their waits are not counted twice.
    private void PlanPrompts(ServiceClass first, ServiceClass last, bool mayForce)
    {
        started.Clear();
        foreach (var group in running)
        {
            if (group.State == SequenceGroupState.Prefilling && group.Class <= last && !Planned(group) && !(group.Class < first ? group.Leader is not null : leases.Waits(group, running)))
                started.Add(group);
        }

        var blocked = false;
        while (plan.Batch.Rows < maxRows)
        {
            var index = FirstStarted();
            var waiting = blocked ? null : Waiting(last);
            if (waiting is not null && (index < 0 || order.Before(waiting, started[index])))
            {
                blocked = !leases.Fits(waiting) || !Start(waiting, mayForce);
                continue;
            }

            if (index < 0 || !PlanPrompt(started[index], mayForce))
                return;

            started.RemoveAt(index);
        }
    }

    private SequenceGroup? Waiting(ServiceClass last) => order.Peek() is { } next && next.Class <= last ? next : null;

    private int FirstStarted()
    {
        var first = started.Count - 1;
        for (var i = first - 1; i >= 0; i--)
        {
            if (order.Before(started[i], started[first]))
                first = i;
        }

        return first;
    }

    // False when the step has no room even for its first token.
    private bool Start(SequenceGroup group, bool mayForce)
    {
        if (group.Saved is null && budget.PromptTokens(0, Math.Min(group.Prompt.Length, maxRows - plan.Batch.Rows), mayForce) == 0)
        {
            promptsWait = true;
            return false;
        }

        Admit(group);
        if (group.State == SequenceGroupState.Decoding)
            PlanDecodes(group);
        else if (!leases.Waits(group, running))
            started.Add(group);
        return true;
    }

    private void Admit(SequenceGroup group)
    {
        order.Remove(group);
        leases.Enter(group, running);
        if (group.Saved is { } saved)
        {
            budget.AddMoved(saved.Tokens);
            preemptor.Forget(group);
        }

        var stored = leases.Stored(group, group.Lead);
        group.Reached = Math.Max(group.Reached, Math.Min(stored, group.Prompt.Length));
        var decodes = stored >= group.Prompt.Length && leases.CaughtUp(group);
        group.State = decodes ? SequenceGroupState.Decoding : SequenceGroupState.Prefilling;
        if (decodes)
            order.Leave(group);
        running.Add(group);
    }

    // False when the step has no room for it.
    private bool PlanPrompt(SequenceGroup group, bool mayForce)
    {
        var choice = group.Lead;
        var start = leases.Stored(group, choice);
        if (start >= group.Prompt.Length)
            (choice, start) = Behind(group);

        var end = start >= group.Prompt.Length ? group.StoredWhenDecoding(choice)
            : group.WantsHidden && start < group.Reached ? group.Reached
            : group.Prompt.Length;
        var rows = budget.PromptTokens(start, Math.Min(end - start, maxRows - plan.Batch.Rows), mayForce);
        if (rows == 0)
        {
            promptsWait = true;
            return false;
        }

        // What lies before the first token that is computed and was never charged has been cached.
        Charge(group, Math.Min(start, group.Prompt.Length), options.Weights.Cached);
        if (group.ScheduledAt == 0)
        {
            group.ScheduledAt = plan.Now;
            group.Tenant.NoteCached(start, group.Prompt.Length);
        }

        if (start >= group.Prompt.Length)
            plan.AddRecompute(group, choice, start, rows);
        else
            plan.AddPrefill(group, start, rows);
        budget.AddPrompt(start, rows);
        order.Serve(group);
        Charge(group, Math.Min(start + rows, group.Prompt.Length), options.Weights.Prompt);
        return true;
    }

    private (int Choice, int Start) Behind(SequenceGroup group)
    {
        for (var choice = group.Lead; choice < group.Choices; choice++)
        {
            if (group.At(choice).Live && leases.Stored(group, choice) is var stored && stored < group.StoredWhenDecoding(choice))
                return (choice, stored);
        }

        throw new InvalidOperationException("A group that has caught up is still prefilling.");
    }

    // At the plan, so that the next choice of this step knows of it; once, though the step be aborted or the prompt computed again.
    private void Charge(SequenceGroup group, int end, double weight)
    {
        var tokens = end - group.ChargedTo;
        if (tokens <= 0)
            return;

        group.ChargedTo = end;
        group.Terms.Tenant?.AddOutstanding(group.Terms.Class, -tokens);
        order.Charge(group.Tenant, tokens * weight / group.Tenant.Weight);
    }

    private bool Planned(SequenceGroup group)
    {
        foreach (var slice in plan.Slices)
        {
            if (slice.Group == group)
                return true;
        }

        return false;
    }
}
