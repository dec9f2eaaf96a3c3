using Penstock.Contracts.Requests;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Simulation;

namespace Penstock.Engine.Tests.Scheduling;

/// <summary>A scheduler over a simulated runner in virtual time, step by step. Answers always run to their most tokens.</summary>
internal sealed class Scene : IDisposable
{
    private readonly StepResult result = new();
    private readonly AbortSignal abort = new();
    private readonly VirtualClock clock = new();
    private readonly TenantAccounts accounts;

    public Scene(
        SchedulerOptions? options = null, int blocks = 64, int sequences = 8, int rows = 256, IReadOnlyDictionary<string, double>? weights = null, StepCost? cost = null, int parked = 0)
    {
        Runner = new SimulatedRunner(
            new SimulatedRunnerOptions { TotalBlocks = blocks, MaxSequences = sequences + parked, MaxRows = rows, ContextLength = 1 << 20, Cost = cost ?? StepCost.SmallMachine }, clock);
        Scheduler = new Scheduler(Runner.Kv, new SchedulerLimits(rows, sequences), options ?? new SchedulerOptions(), parked > 0 ? new PrefixCache(Runner.Kv, sequences, parked) : null);
        accounts = new TenantAccounts(weights);
    }

    public SimulatedRunner Runner { get; }

    public Scheduler Scheduler { get; }

    public long Now => clock.GetTimestamp();

    /// <summary>What the last step took.</summary>
    public TimeSpan LastStep { get; private set; }

    public TenantAccounts Tenants => accounts;

    public TenantAccount Tenant(string name) => accounts.Of(name);

    public void Pass(TimeSpan time) => clock.Advance(time);

    public SequenceGroup Submit(
        string tenant, int prompt, int output, ServiceClass ofClass = ServiceClass.Standard, int priority = 0, long deadline = GroupTerms.Never, int choices = 1, int token = 0)
    {
        var terms = new GroupTerms { Tenant = accounts.Of(tenant), Class = ofClass, Priority = priority, Deadline = deadline };
        var group = new SequenceGroup(Enumerable.Repeat(token, prompt).ToArray(), output, choices, terms);
        Scheduler.Submit(group, Now);
        return group;
    }

    /// <summary>One step.</summary>
    /// <returns>Whom it was for: each group once, in the order of the slices.</returns>
    public SequenceGroup[] Step()
    {
        var plan = Scheduler.Plan(Now);
        SequenceGroup[] groups = [.. plan.Slices.ToArray().Select(slice => slice.Group).Distinct()];
        if (plan.IsEmpty)
            return groups;

        result.Begin(Runner.Run(plan.Batch, abort));
        foreach (var slice in plan.Slices)
        {
            for (var i = 0; i < slice.Samples; i++)
            {
                var choice = slice.IsPrefill ? i : slice.Choice;
                if (slice.Group.At(choice).Sampled + 1 == slice.Group.MaxOutputTokens)
                    result.End(slice.Group, choice);
                else
                    result.Continue(slice.Group, choice, 1);
            }
        }

        LastStep = result.Duration = clock.GetElapsedTime(plan.Now);
        Scheduler.Apply(plan, result);
        Assert.Null(Scheduler.Check());
        return groups;
    }

    /// <summary>Steps until something holds.</summary>
    public int Until(Func<bool> holds, int most = 10_000)
    {
        for (var steps = 0; steps < most; steps++)
        {
            if (holds())
                return steps;
            Step();
        }

        Assert.Fail($"It did not hold within {most} steps.");
        return most;
    }

    public void Dispose() => Runner.Dispose();
}
