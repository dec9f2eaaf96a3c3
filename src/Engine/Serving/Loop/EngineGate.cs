using System.Collections.Concurrent;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Engine.Adapters;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Scheduling.Admission;
using Penstock.Engine.Serving.Requests;

namespace Penstock.Engine.Serving.Loop;

/// <summary>
/// The way into the loop: a bounded queue of commands. Bounded, since it holds at most the requests that may wait, one cancel
/// for each request that lives, one shed for each that makes room, and one for each adapter that an operator unloads. Any thread may enter; the loop alone takes.
/// </summary>
internal sealed class EngineGate : IDisposable
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(2);

    private readonly TimeProvider time;
    private readonly TenantAccounts tenants;
    private readonly AdmissionForecast forecast;
    private readonly WaitingRoom room;
    private readonly Lock entrance = new();
    private readonly ConcurrentQueue<EngineCommand> commands = new();
    private readonly ManualResetEventSlim wake = new();
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PenstockError? closed;
    private int waiting;
    private readonly int[] runningByClass = new int[Enum.GetValues<ServiceClass>().Length];
    private int running;
    private double serviceSeconds;

    public EngineGate(EngineOptions options, TenantAccounts tenants, AdmissionForecast forecast, TimeProvider time)
    {
        (this.time, this.tenants, this.forecast) = (time, tenants, forecast);
        room = new WaitingRoom(options.QueueCapacity, options.TenantQueueCapacity, tenants);
    }

    /// <summary>Requests that wait for their first step.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Requests that have had it and have not ended.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>Of those that run, one count a class.</summary>
    public IReadOnlyList<int> RunningByClass
    {
        get
        {
            lock (entrance)
                return [.. runningByClass];
        }
    }

    public bool Open => Volatile.Read(ref closed) is null;

    /// <summary>Completes when the gate is closed and every request that went in has ended.</summary>
    public Task Drained => drained.Task;

    /// <summary>Puts a request in the queue.</summary>
    /// <returns>Null, or why it is refused.</returns>
    public PenstockError? Submit(EngineRequest request)
    {
        var (tenant, ofClass) = (Tenant(request), request.Terms.Class);
        lock (entrance)
        {
            if (closed is not null)
                return closed;
            if (TooLate(request) is { } late)
                return late;
            if (room.TenantFull(tenant) && !GiveUp(room.MakeOwnRoom(tenant, ofClass)))
                return TenantFull(tenant);
            if (room.Full && !GiveUp(room.MakeRoom(tenant, ofClass)))
                return Full();

            room.Enter(tenant, ofClass);
            Volatile.Write(ref waiting, room.Count);
            foreach (var group in request.Groups)
                group.Announce();
            commands.Enqueue(new EngineCommand(CommandKind.Submit, request));
        }

        wake.Set();
        return null;
    }

    public void Cancel(EngineRequest request)
    {
        commands.Enqueue(new EngineCommand(CommandKind.Cancel, request));
        wake.Set();
    }

    /// <summary>Has the loop let go of an adapter.</summary>
    public void Free(ServedAdapter adapter)
    {
        commands.Enqueue(new EngineCommand(CommandKind.FreeAdapter, null, Adapter: adapter));
        wake.Set();
    }

    /// <summary>Lets no more requests in; the first reason stays.</summary>
    public void Close(PenstockError reason)
    {
        lock (entrance)
        {
            closed ??= reason;
            CheckDrained();
        }

        wake.Set();
    }

    public bool TryTake(out EngineCommand command) => commands.TryDequeue(out command);

    /// <summary>Waits for a command or <see cref="Wake"/>; one that came since <see cref="Rest"/> counts.</summary>
    public void Wait() => wake.Wait();

    public void Rest() => wake.Reset();

    public void Wake() => wake.Set();

    /// <summary>A request has left the queue for its first step.</summary>
    public void Admitted(EngineRequest request)
    {
        (request.Admitted, request.AdmittedAt) = (true, time.GetTimestamp());
        lock (entrance)
        {
            LeaveRoom(request);
            running++;
            runningByClass[(int)request.Terms.Class]++;
        }
    }

    /// <summary>A request has ended.</summary>
    public void Ended(EngineRequest request)
    {
        lock (entrance)
        {
            if (request.Admitted)
            {
                running--;
                runningByClass[(int)request.Terms.Class]--;
                var seconds = time.GetElapsedTime(request.AdmittedAt).TotalSeconds;
                serviceSeconds = serviceSeconds == 0 ? seconds : serviceSeconds + (0.1 * (seconds - serviceSeconds));
            }
            else
            {
                LeaveRoom(request);
            }

            CheckDrained();
        }
    }

    /// <summary>A <see cref="CommandKind.Shed"/> has been carried out, or there was nobody left to give up.</summary>
    /// <returns>What the one that was given up is told.</returns>
    public PenstockError Shed(ServiceClass ofClass, TenantAccount tenant)
    {
        lock (entrance)
        {
            room.Stays(tenant, ofClass);
            return new PenstockError(
                ErrorCode.QueueFull, $"The model's queue overflowed and this request made room for a better one. Try again in {Retry().TotalSeconds:0} s.", RetryAfter: Retry());
        }
    }

    public void Dispose() => wake.Dispose();

    // Requests without an account are the server's own.
    private TenantAccount Tenant(EngineRequest request) => request.Terms.Tenant ?? tenants.Of("");

    private bool GiveUp((ServiceClass Class, TenantAccount Tenant)? victim)
    {
        if (victim is not var (ofClass, tenant))
            return false;

        commands.Enqueue(new EngineCommand(CommandKind.Shed, null, ofClass, tenant));
        return true;
    }

    private void LeaveRoom(EngineRequest request)
    {
        room.Leave(Tenant(request), request.Terms.Class);
        Volatile.Write(ref waiting, room.Count);
    }

    private void CheckDrained()
    {
        if (closed is not null && waiting + running == 0)
            drained.TrySetResult();
    }

    private PenstockError? TooLate(EngineRequest request)
    {
        var terms = request.Terms;
        if (terms.Deadline == GroupTerms.Never)
            return null;

        var left = (terms.Deadline - time.GetTimestamp()) / (double)time.TimestampFrequency;
        var output = Math.Max(0, request.LeastOutputTokens - 1) * forecast.SecondsPerStep;
        var alone = forecast.Known ? forecast.Alone(Tenant(request), request.PromptTokens) + output : 0;
        var needed = forecast.Known ? forecast.TimeToFirstToken(Tenant(request), terms.Class, request.PromptTokens, tenants) + output : 0;
        if (needed < left)
            return null;

        return alone >= left
            ? new PenstockError(
                ErrorCode.DeadlineUnreachable,
                $"The answer would take {alone:0.0} s even if nothing else ran, but its deadline is in {Math.Max(0, left):0.0} s. Give it more time, or ask for less.",
                "deadline_ms")
            : new PenstockError(
                ErrorCode.DeadlineUnreachable,
                $"With what waits before it the answer would take {needed:0.0} s, but its deadline is in {left:0.0} s. Try again in {Clamp(needed - left).TotalSeconds:0} s, or give it more time.",
                "deadline_ms",
                Clamp(needed - left));
    }

    private PenstockError TenantFull(TenantAccount tenant) => new(
        ErrorCode.QueueFull,
        $"Your queue at this model is full: {WaitingRoom.Queued(tenant)} of your requests wait, and no more may. Try again in {Retry().TotalSeconds:0} s.",
        RetryAfter: Retry());

    private PenstockError Full() => new(
        ErrorCode.QueueFull,
        $"The model's queue is full: {waiting} requests wait and {running} run. Try again in {Retry().TotalSeconds:0} s.",
        RetryAfter: Retry());

    // A place is free when one of those running ends: on average after the mean time of service, shared among them.
    private TimeSpan Retry() => Clamp(serviceSeconds / Math.Max(1, running));

    private static TimeSpan Clamp(double seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(seconds), ShortestRetry.TotalSeconds, LongestRetry.TotalSeconds));
}
