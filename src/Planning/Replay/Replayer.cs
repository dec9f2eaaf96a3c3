using Penstock.Engine.KvCache;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Simulation;
using Penstock.Planning.Costs;
using Penstock.Planning.Fairness;
using Penstock.Planning.Traces;

namespace Penstock.Planning.Replay;

/// <summary>
/// Runs a trace through the production <see cref="Scheduler"/> in virtual time: a step takes what the cost profile says, an idle gap
/// nothing. The same trace, profile and options give the same report, on any machine. One run an instance.
/// </summary>
/// <remarks>
/// As in the server, what arrives during a step is seen after it, and each answer is as long as the trace says. Requests that arrive
/// together are submitted in an order of their own (tenant, lengths), so that the order of lines does not matter.
/// </remarks>
public sealed class Replayer : IDisposable
{
    private const int MostSequences = 1024;

    private readonly CostProfile profile;
    private readonly VirtualClock clock = new();
    private readonly SimulatedRunner runner;
    private readonly Scheduler scheduler;
    private readonly TenantAccounts accounts;
    private readonly AbortSignal abort = new();
    private readonly StepResult result = new();
    private readonly ReplayRecord record = new();
    private readonly Dictionary<string, int> tenants = new(StringComparer.Ordinal);
    private BackloggedDifference? backlog;

    /// <param name="profile">The machine and the model.</param>
    /// <param name="options">How to schedule.</param>
    public Replayer(CostProfile profile, ReplayOptions options)
    {
        this.profile = profile;
        var blocks = Math.Max(1, profile.KvTokens / KvBlockPool.BlockTokens);
        var sequences = Math.Min(profile.MaxSequences ?? Math.Min(blocks, MostSequences), profile.MaxRows);
        runner = new SimulatedRunner(new SimulatedRunnerOptions
        {
            BooksOnly = true,
            VocabularySize = 1,
            ContextLength = blocks * KvBlockPool.BlockTokens,
            MaxRows = profile.MaxRows,
            MaxSequences = sequences,
            TotalBlocks = blocks,
        });
        accounts = new TenantAccounts(options.TenantWeights);
        scheduler = new Scheduler(runner.Kv, new SchedulerLimits(profile.MaxRows, sequences), new SchedulerOptions
        {
            Policy = options.Policy,
            TimestampFrequency = clock.TimestampFrequency,
            GapTarget = options.GapTarget,
            Prior = profile.Coefficients,
        });
    }

    /// <param name="trace">The requests, in any order.</param>
    /// <param name="progress">Share of the requests that have arrived.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ReplayReport Run(IEnumerable<TraceRequest> trace, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var requests = trace.ToArray();
        Array.Sort(requests, ArrivalOrder.Compare);
        foreach (var request in requests)
            tenants.TryAdd(request.Tenant, tenants.Count);
        backlog = BackloggedDifference.For(tenants.Count);

        var origin = clock.GetTimestamp();
        for (var next = 0; next < requests.Length || !scheduler.Idle;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (scheduler.Idle)
                clock.Advance(TimeSpan.FromTicks(Math.Max(0, At(next) - clock.GetTimestamp())));
            for (; next < requests.Length && At(next) <= clock.GetTimestamp(); next++)
                Submit(requests[next], next, At(next));

            if (!scheduler.Idle)
                Step();
            if (next % 64 == 0)
                progress?.Report((double)next / requests.Length);
        }

        return ReplayReport.Of(record, [.. tenants.Keys], origin, clock.GetTimestamp(), At(requests.Length - 1), backlog?.Max);

        long At(int index) => origin + TimeSpan.FromSeconds(requests[index].ArrivalSeconds - requests[0].ArrivalSeconds).Ticks;
    }

    public void Dispose() => runner.Dispose();

    private void Submit(TraceRequest request, int number, long arrival)
    {
        var terms = new GroupTerms { Tenant = accounts.Of(request.Tenant), PrefixDomain = request.Tenant };
        var group = new ReplayedGroup(request, number, tenants[request.Tenant], terms, arrival);
        if (!scheduler.CanEverFit(group))
        {
            record.Refused++;
            return;
        }

        record.Groups.Add(group);
        scheduler.Submit(group, arrival);
        backlog?.Arrived(group.TenantNumber);
    }

    private void Step()
    {
        var plan = scheduler.Plan(clock.GetTimestamp());
        if (plan.IsEmpty)
            throw new InvalidOperationException("The scheduler has work but plans none.");

        foreach (var slice in plan.Slices)
            Start((ReplayedGroup)slice.Group);
        var duration = TimeSpan.FromSeconds(profile.Coefficients.Of(plan.Work));
        result.Begin(runner.Run(plan.Batch, abort));
        clock.Advance(duration);
        result.Duration = duration;
        foreach (var slice in plan.Slices)
            Decide(slice);
        scheduler.Apply(plan, result);
        backlog?.StepDone();
        record.Steps++;
    }

    private void Start(ReplayedGroup group)
    {
        if (group.Started)
            return;

        group.Started = true;
        backlog?.Started(group.TenantNumber);
    }

    private void Decide(PlannedSlice slice)
    {
        var group = (ReplayedGroup)slice.Group;
        if (slice.IsPrefill)
        {
            record.PromptTokensComputed += slice.Rows;
            backlog?.Serve(group.TenantNumber, slice.Rows);
        }

        if (slice.Samples == 0)
            return;

        var now = clock.GetTimestamp();
        if (++group.Output == 1)
            group.FirstToken = now;
        backlog?.Serve(group.TenantNumber, ServiceDifference.OutputWeight);
        if (group.Output == group.MaxOutputTokens)
        {
            group.End = now;
            result.End(group, 0);
        }
        else
        {
            result.Continue(group, 0, 0);
        }
    }
}
