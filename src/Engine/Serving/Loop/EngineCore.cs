using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Engine.Adapters;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Scheduling.Order;
using Penstock.Engine.Serving.Requests;
using Penstock.Engine.Serving.Status;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Serving.Loop;

/// <summary>
/// One turn of a model's loop: take commands, plan a step, run it, hand over its tokens, let go of what has ended. Belongs to one
/// thread, except <see cref="Submit"/>, <see cref="Cancel"/> and <see cref="Stats"/>. A turn allocates nothing for a token.
/// </summary>
internal sealed class EngineCore : IDisposable
{
    private readonly IModelRunner runner;
    private readonly TimeProvider time;
    private readonly Action<Exception>? onFault;
    private readonly PrefixCache? prefixes;
    private readonly Scheduler scheduler;
    private readonly StepContext context;
    private readonly RunningStep step = new();
    private readonly StepBoard board;
    private readonly HashSet<EngineRequest> live = [];
    private readonly List<EngineRequest> ended = [];
    private readonly IndexedHeap<EngineRequest, EngineRequest.ByDeadline> deadlines = new();
    private long prefilled;
    private long steps;
    private long cachedTokens;
    private int freeBlocks;
    private int cachedBlocks;

    public EngineCore(LocalTargetOptions options, IModelRunner runner, ITokenizer tokenizer, TimeProvider time)
    {
        (this.runner, this.time, onFault) = (runner, time, options.OnFault);
        Tenants = new TenantAccounts(options.Engine.TenantWeights);
        var rows = Math.Min(options.Engine.StepTokenBudget ?? int.MaxValue, runner.Capabilities.MaxRows);
        var sequences = Math.Min(Math.Min(options.Engine.MaxRunning, runner.Capabilities.MaxSequences), rows);
        Limits = new SchedulerLimits(rows, sequences);
        var parked = runner.Capabilities.MaxSequences - sequences;
        prefixes = options.Engine.PrefixCaching && parked > 0
            ? new PrefixCache(runner.Kv, sequences, parked, ownerShare: options.Engine.PrefixTenantShare)
            : null;
        scheduler = new Scheduler(runner.Kv, Limits, new SchedulerOptions
        {
            Policy = options.Engine.Policy,
            TimestampFrequency = time.TimestampFrequency,
            GapTarget = options.Engine.GapTarget,
            PrefillEvery = options.Engine.PrefillEvery,
            Patience = options.Engine.Patience,
            SavedKvBytes = options.Engine.SavedKvBytes,
        }, prefixes);
        Adapters = new AdapterCatalog(options.Description.Name, runner, time, adapter => Gate!.Free(adapter));
        Gate = new EngineGate(options.Engine, Tenants, scheduler.Forecast, time);
        context = new StepContext(runner, tokenizer, time, options.Engine.GapTarget);
        board = new StepBoard(options.Engine.Policy, options.Engine.GapTarget);
        freeBlocks = runner.Kv.FreeBlocks;
    }

    public EngineGate Gate { get; }

    public AdapterCatalog Adapters { get; }

    /// <summary>Who is charged. Thread-safe.</summary>
    public TenantAccounts Tenants { get; }

    public SchedulerLimits Limits { get; }

    public EngineStats Stats => new()
    {
        Running = Gate.Running,
        Waiting = Gate.Waiting,
        FreeBlocks = Volatile.Read(ref freeBlocks),
        CachedBlocks = Volatile.Read(ref cachedBlocks),
        TotalBlocks = runner.Kv.TotalBlocks,
        Steps = Volatile.Read(ref steps),
        SampledTokens = context.Sampled,
        ForcedTokens = context.Forced,
        ConstrainedTokens = context.Resistance.Tokens,
        RemovedProbability = context.Resistance.Sum,
        PrefilledTokens = Volatile.Read(ref prefilled),
        CachedTokens = Volatile.Read(ref cachedTokens),
    };

    /// <summary>What it is doing, for people; any thread may ask.</summary>
    public EngineStatus Status => board.Status(Stats, Gate.RunningByClass, Tenants, [.. Enum.GetValues<GapCause>().Select(context.Gaps.Total)]);

    public PenstockError? Submit(EngineRequest request)
    {
        if (request.Adapter is { } adapter && !adapter.TryHold())
            return Adapters.Unknown(adapter.Name);

        var refused = Gate.Submit(request);
        if (refused is not null)
            LetGoOfAdapter(request);
        return refused;
    }

    /// <summary>Takes a request back. The loop hears of it before its next step; a running step that nobody else wants is aborted.</summary>
    public void Cancel(EngineRequest request)
    {
        if (step.Leave(request.Membership))
            Gate.Cancel(request);
    }

    /// <summary>One turn.</summary>
    /// <returns>False when there was nothing to do.</returns>
    public bool Turn()
    {
        TakeCommands();
        if (scheduler.Idle)
            return false;

        var plan = scheduler.Plan(time.GetTimestamp());
        if (plan.IsEmpty)
            throw new InvalidOperationException("Requests wait, none runs, and none fits.");

        NoteAdmissions(plan);
        if (step.Begin(plan))
            Compute(plan);
        step.End(plan);
        Tell();
        return true;
    }

    /// <summary>Ends every request, those still in the queue too, and lets no more in.</summary>
    /// <param name="error">What they are told.</param>
    /// <param name="broken">Whether the scheduler's state cannot be trusted any more, so that the KV is left as it is.</param>
    public void EndAll(PenstockError error, bool broken)
    {
        Gate.Close(error);
        while (Gate.TryTake(out var command))
        {
            if (command.Kind == CommandKind.Submit)
                live.Add(command.Request!);
            else if (command.Kind == CommandKind.FreeAdapter)
                command.Adapter!.HasGone();
        }

        ended.Clear();
        foreach (var request in live)
        {
            request.Ending = RequestStop.Failed(error);
            ended.Add(request);
            if (!broken)
                LetGoOfKv(request, keep: false);
        }

        Tell();
        while (Gate.TryTake(out var command))
            command.Adapter?.HasGone();
    }

    /// <summary>Verifies the invariants between turns. For tests.</summary>
    public string? Check() => scheduler.Check();

    public void Dispose() => Gate.Dispose();

    private void TakeCommands()
    {
        while (Gate.TryTake(out var command))
        {
            if (command.Kind == CommandKind.Shed)
                Shed(command);
            else if (command.Kind == CommandKind.FreeAdapter)
                Free(command.Adapter!);
            else if (command.Kind == CommandKind.Submit)
                Accept(command.Request!, time.GetTimestamp());
            else if (live.Contains(command.Request!))
                End(command.Request!, RequestStop.Cancelled);
        }

        while (deadlines.First is { } late && late.Terms.Deadline <= time.GetTimestamp())
        {
            deadlines.Remove(late);
            if (!ended.Contains(late))
                End(late, RequestStop.TooLate);
        }

        Tell();
    }

    // Nothing that it has computed can be continued any more.
    private void Free(ServedAdapter adapter)
    {
        prefixes?.Drop(adapter.Number);
        runner.Adapters!.Unload(adapter.Number);
        adapter.HasGone();
    }

    private void LetGoOfAdapter(EngineRequest request)
    {
        if (request.Adapter is { } adapter && adapter.LetGo())
            Gate.Free(adapter);
    }

    private void Accept(EngineRequest request, long now)
    {
        live.Add(request);
        if (request.Terms.Deadline != GroupTerms.Never)
            deadlines.Add(request);
        foreach (var group in request.Groups)
            scheduler.Submit(group, now);
    }

    // A request of which a part has run is not given up any more.
    private void Shed(EngineCommand command)
    {
        var told = Gate.Shed(command.Class, command.Tenant!);
        if (scheduler.LastWaiting(command.Class, command.Tenant!) is RequestGroup { Request: { Admitted: false } request } && !ended.Contains(request))
            End(request, RequestStop.Refused(told));
    }

    private void NoteAdmissions(StepPlan plan)
    {
        foreach (var slice in plan.Slices)
        {
            var request = ((RequestGroup)slice.Group).Request;
            if (!request.Admitted)
                Gate.Admitted(request);
        }
    }

    private void Compute(StepPlan plan)
    {
        var outcome = Run(plan.Batch);
        context.Now = time.GetTimestamp();
        context.Gaps.Note(plan, prefixes?.EvictedBlocks ?? 0);
        context.Result.Begin(outcome);
        Volatile.Write(ref steps, steps + 1);
        if (outcome != StepOutcome.Aborted)
            Take(plan, outcome);
        context.Result.Duration = time.GetElapsedTime(plan.Now);
        scheduler.Apply(plan, context.Result);
        board.Note(plan, context.Result.Duration, scheduler, prefixes);
        foreach (var slice in plan.Slices)
        {
            var request = ((RequestGroup)slice.Group).Request;
            if (request.Complete && !ended.Contains(request))
                End(request, RequestStop.Complete);
        }
    }

    private void Take(StepPlan plan, StepOutcome outcome)
    {
        var failed = outcome switch
        {
            StepOutcome.Completed => null,
            StepOutcome.OutOfBlocks => new PenstockError(
                ErrorCode.RunnerFailed,
                "The model's backend ran out of KV memory while it computed this request. Try again, or ask for fewer tokens."),
            _ => new PenstockError(
                ErrorCode.RunnerFailed,
                "The model's backend failed while it computed this request. Try again; the server's log has the cause."),
        };
        foreach (var slice in plan.Slices)
        {
            var request = ((RequestGroup)slice.Group).Request;
            if (ended.Contains(request))
                continue;

            if (slice.IsPrefill && failed is null)
                Volatile.Write(ref prefilled, prefilled + slice.Rows);
            if ((failed ?? Take(request, slice)) is { } error)
                End(request, RequestStop.Failed(error));
        }
    }

    // A fault in one request's text or sampling is that request's end, not the engine's.
    private PenstockError? Take(EngineRequest request, PlannedSlice slice)
    {
        try
        {
            return request.Take(slice, context);
        }
        catch (Exception fault)
        {
            onFault?.Invoke(fault);
            return new PenstockError(ErrorCode.Internal, "The server met a fault while it worked on this request. Its log has the cause.");
        }
    }

    private StepOutcome Run(StepBatch batch)
    {
        try
        {
            return runner.Run(batch, step.Abort);
        }
        catch (Exception fault)
        {
            onFault?.Invoke(fault);
            return StepOutcome.Failed;
        }
    }

    private void End(EngineRequest request, RequestStop why)
    {
        LetGoOfKv(request, keep: why.Error is null);
        request.Ending = why;
        ended.Add(request);
    }

    // What a cancelled request has computed serves the next that begins alike; what came with an error serves nobody.
    private void LetGoOfKv(EngineRequest request, bool keep)
    {
        foreach (var group in request.Groups)
        {
            scheduler.End(group, keep);
            Volatile.Write(ref cachedTokens, cachedTokens + group.Cached);
        }
    }

    // Last in a turn: the KV of what has ended is free or cached by now.
    private void Tell()
    {
        Volatile.Write(ref freeBlocks, runner.Kv.FreeBlocks);
        Volatile.Write(ref cachedBlocks, prefixes?.Blocks ?? 0);
        foreach (var request in ended)
        {
            live.Remove(request);
            deadlines.Remove(request);
            Gate.Ended(request);
            LetGoOfAdapter(request);
            if (request.End(time.GetTimestamp()) is { } fault)
                onFault?.Invoke(fault);
        }

        ended.Clear();
    }
}
