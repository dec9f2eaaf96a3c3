using System.Collections.Concurrent;
using Penstock.Contracts.Errors;
using Penstock.Engine.Serving.Requests;

namespace Penstock.Engine.Serving.Loop;

/// <summary>
/// The way into the loop: a bounded queue of commands. Bounded, since it holds at most the requests that may wait and one cancel
/// for each request that lives. Any thread may enter; the loop alone takes.
/// </summary>
internal sealed class EngineGate(int queueCapacity, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(2);

    private readonly Lock entrance = new();
    private readonly ConcurrentQueue<EngineCommand> commands = new();
    private readonly ManualResetEventSlim wake = new();
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PenstockError? closed;
    private int waiting;
    private int running;
    private double serviceSeconds;

    /// <summary>Requests that wait for their first step.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Requests that have had it and have not ended.</summary>
    public int Running => Volatile.Read(ref running);

    public bool Open => Volatile.Read(ref closed) is null;

    /// <summary>Completes when the gate is closed and every request that went in has ended.</summary>
    public Task Drained => drained.Task;

    /// <summary>Puts a request in the queue.</summary>
    /// <returns>Null, or why it is refused.</returns>
    public PenstockError? Submit(EngineRequest request)
    {
        lock (entrance)
        {
            if (closed is not null)
                return closed;
            if (waiting >= queueCapacity)
                return Full();

            waiting++;
            commands.Enqueue(new EngineCommand(request, Cancel: false));
        }

        wake.Set();
        return null;
    }

    public void Cancel(EngineRequest request)
    {
        commands.Enqueue(new EngineCommand(request, Cancel: true));
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
            waiting--;
            running++;
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
                var seconds = time.GetElapsedTime(request.AdmittedAt).TotalSeconds;
                serviceSeconds = serviceSeconds == 0 ? seconds : serviceSeconds + (0.1 * (seconds - serviceSeconds));
            }
            else
            {
                waiting--;
            }

            CheckDrained();
        }
    }

    public void Dispose() => wake.Dispose();

    private void CheckDrained()
    {
        if (closed is not null && waiting + running == 0)
            drained.TrySetResult();
    }

    // A place is free when one of those running ends: on average after the mean time of service, shared among them.
    private PenstockError Full()
    {
        var seconds = serviceSeconds / Math.Max(1, running);
        var retry = TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(seconds), ShortestRetry.TotalSeconds, LongestRetry.TotalSeconds));
        return new PenstockError(
            ErrorCode.QueueFull,
            $"The model's queue is full: {waiting} requests wait and {running} run. Try again in {retry.TotalSeconds:0} s.",
            RetryAfter: retry);
    }
}
