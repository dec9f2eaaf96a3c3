using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Attempts;

/// <summary>An attempt whose target has been asked: reads its events within limits of time.</summary>
internal sealed class LiveAttempt : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly CancellationTokenRegistration onCancel;
    private ITimer? timer;
    private volatile bool expired;

    private LiveAttempt(Attempt attempt, TimeProvider time, CancellationToken cancellationToken)
    {
        (Attempt, this.time) = (attempt, time);
        var started = Start(attempt);
        Pending = started.Error;
        if (started.Ok)
        {
            Generation = new GuardedGeneration(started.Value, attempt.Target);
            onCancel = cancellationToken.UnsafeRegister(static generation => ((IGeneration)generation!).Cancel(), Generation);
        }
    }

    public Attempt Attempt { get; }

    /// <summary>Null when the target refused to start.</summary>
    public IGeneration? Generation { get; }

    /// <summary>A failure that was taken and not yet told.</summary>
    public PenstockError? Pending { get; set; }

    public static LiveAttempt Start(Attempt attempt, TimeProvider time, CancellationToken cancellationToken) => new(attempt, time, cancellationToken);

    /// <summary>The next event or error; neither at the end.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <param name="fault">What it is called when it takes longer.</param>
    /// <param name="delivered">Whether there were events before.</param>
    public async ValueTask<(GenerationEvent? Item, PenstockError? Error)> ReadAsync(TimeSpan limit, FaultKind fault, bool delivered)
    {
        if (Pending is { } pending || Generation is null)
        {
            return (null, Pending);
        }

        while (await WaitAsync(Generation, limit))
        {
            if (Generation.TryRead(out var item))
            {
                return item.Kind == GenerationEventKind.Error ? (null, item.Error) : (item, null);
            }
        }

        return expired ? (null, AttemptErrors.TooLate(Attempt.Target, fault, delivered)) : (null, null);
    }

    /// <summary>Its answer is not wanted any more.</summary>
    public void LetGo() => Generation?.Cancel();

    /// <summary>What the target did, once it has let go.</summary>
    public async ValueTask<GenerationSummary> EndAsync()
    {
        if (Generation is null)
        {
            return new()
            {
                Tokens = default,
                FinishReason = Contracts.Records.FinishReason.Error,
                FinishCause = Contracts.Records.FinishCause.Server,
                FinishPhase = Contracts.Records.RequestPhase.Admit,
            };
        }

        Generation.Cancel();
        return await Generation.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        await onCancel.DisposeAsync();
        if (timer is not null)
        {
            await timer.DisposeAsync();
        }

        if (Generation is not null)
        {
            await Generation.DisposeAsync();
        }
    }

    private static Outcome<IGeneration> Start(Attempt attempt)
    {
        try
        {
            return attempt.Prepared.Start();
        }
        catch (Exception exception)
        {
            return AttemptErrors.Unforeseen(attempt.Target, exception, produced: false);
        }
    }

    private async ValueTask<bool> WaitAsync(IGeneration generation, TimeSpan limit)
    {
        var waiting = generation.WaitToReadAsync(CancellationToken.None);
        if (waiting.IsCompletedSuccessfully)
        {
            return waiting.Result;
        }

        timer ??= time.CreateTimer(static attempt => ((LiveAttempt)attempt!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(limit > TimeSpan.Zero ? limit : TimeSpan.FromTicks(1), Timeout.InfiniteTimeSpan);
        var more = await waiting;
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return more;
    }

    private void Expire()
    {
        expired = true;
        Generation!.Cancel();
    }
}
