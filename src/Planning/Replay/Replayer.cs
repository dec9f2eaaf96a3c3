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
/// nothing. The same trace, profile and options give the same report, on any machine.
/// </summary>
/// <remarks>
/// As in the server, what arrives during a step is seen after it, and each answer is as long as the trace says. Requests that arrive
/// together are submitted in an order of their own (tenant, lengths), so that the order of lines does not matter.
/// </remarks>
public sealed class Replayer : IDisposable
{
    private const int MostSequences = 1024;
    private const int MostParked = 4096;

    private readonly CostProfile profile;
    private readonly VirtualClock clock = new();
    private readonly SimulatedRunner runner;
    private readonly Scheduler scheduler;
    private readonly TenantAccounts accounts;
    private readonly AbortSignal abort = new();
    private readonly StepResult result = new();
    private readonly ReplayRecord record = new();
    private readonly Dictionary<string, int> tenants = new(StringComparer.Ordinal);
    private readonly TraceRequest[] requests;
    private readonly BackloggedDifference? backlog;

    private Replayer(TraceRequest[] requests, CostProfile profile, ReplayOptions options)
    {
        (this.requests, this.profile) = (requests, profile);
        var blocks = Math.Max(1, profile.KvTokens / KvBlockPool.BlockTokens);
        var sequences = Math.Min(profile.MaxSequences ?? Math.Min(blocks, MostSequences), profile.MaxRows);

        // Where nothing is known of the prompts, none begins like another, and there is nothing to keep.
        var parked = requests.Any(request => request.Blocks is not null) ? Math.Min(blocks, MostParked) : 0;
        var longest = requests.Max(request => request.PromptTokens + (long)request.OutputTokens);
        runner = new SimulatedRunner(new SimulatedRunnerOptions
        {
            BooksOnly = true,
            VocabularySize = 1,
            ContextLength = (int)Math.Min(longest, blocks * (long)KvBlockPool.BlockTokens),
            MaxRows = profile.MaxRows,
            MaxSequences = sequences + parked,
            TotalBlocks = blocks,
        });
        accounts = new TenantAccounts(options.TenantWeights);
        scheduler = new Scheduler(
            runner.Kv,
            new SchedulerLimits(profile.MaxRows, sequences),
            new SchedulerOptions
            {
                Policy = options.Policy,
                TimestampFrequency = clock.TimestampFrequency,
                GapTarget = options.GapTarget,
                Prior = profile.Coefficients,
            },
            parked > 0 ? new PrefixCache(runner.Kv, sequences, parked) : null);
        foreach (var request in requests)
            tenants.TryAdd(request.Tenant, tenants.Count);
        backlog = BackloggedDifference.For(tenants.Count);
    }

    /// <param name="trace">The requests, in any order, at least one.</param>
    /// <param name="profile">The machine and the model.</param>
    /// <param name="options">How to schedule.</param>
    /// <param name="progress">Share of the requests that have arrived.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ReplayReport Run(
        IEnumerable<TraceRequest> trace, CostProfile profile, ReplayOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var sorted = trace.ToArray();
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(trace));
        Array.Sort(sorted, ArrivalOrder.Compare);
        using var replayer = new Replayer(sorted, profile, options);
        return replayer.Run(progress, cancellationToken);
    }

    public void Dispose() => runner.Dispose();

    private ReplayReport Run(IProgress<double>? progress, CancellationToken cancellationToken)
    {
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

        if (record.Served.Count != record.Submitted)
            throw new InvalidOperationException("The scheduler is idle, but not every request has ended.");
        return ReplayReport.Of(record, [.. tenants.Keys], origin, clock.GetTimestamp(), At(requests.Length - 1), backlog?.Max);

        long At(int index) => origin + TimeSpan.FromSeconds(requests[index].ArrivalSeconds - requests[0].ArrivalSeconds).Ticks;
    }

    private void Submit(TraceRequest request, int number, long arrival)
    {
        var terms = new GroupTerms { Tenant = accounts.Of(request.Tenant), PrefixDomain = request.Tenant };
        var group = new ReplayedGroup(request, number, tenants[request.Tenant], terms, arrival);
        if (!scheduler.CanEverFit(group))
        {
            record.Refused++;
            return;
        }

        record.Submitted++;
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
            record.Served.Add(new ServedRequest(group.TenantNumber, group.Arrival, group.FirstToken, now, group.Prompt.Length, group.Cached, group.Output));
            result.End(group, 0);
        }
        else
        {
            result.Continue(group, 0, 0);
        }
    }
}
