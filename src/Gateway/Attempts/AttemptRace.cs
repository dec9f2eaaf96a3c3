using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Attempts;

/// <summary>
/// Waits for the first event of an attempt, and when that is late beside a second one of another target: the first to produce an event wins, the other is let go at once.
/// One user at a time.
/// </summary>
/// <param name="run">The request's attempts.</param>
/// <param name="time">The clock.</param>
internal sealed class AttemptRace(AttemptRun run, TimeProvider time) : IAsyncDisposable
{
    private readonly List<(LiveAttempt Attempt, Task Reading)> losers = [];

    /// <summary>An attempt with what came of it first.</summary>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="Item">Its first event; null when there is none.</param>
    /// <param name="Error">Why it failed; null when it did not. With neither it was cancelled, or has ended without an event.</param>
    public readonly record struct First(LiveAttempt Attempt, GenerationEvent? Item, PenstockError? Error);

    /// <summary>Waits; an attempt that failed while the other was under way is accounted for already.</summary>
    /// <param name="attempt">The attempt that has begun.</param>
    /// <param name="cancellationToken">Lets go of both.</param>
    public async ValueTask<First> FirstAsync(LiveAttempt attempt, CancellationToken cancellationToken)
    {
        if (run.HedgeDelay(attempt.Attempt) is not { } delay)
        {
            return await ReadAsync(attempt);
        }

        var reading = ReadAsync(attempt);
        if (!await IsLateAsync(reading, delay) || cancellationToken.IsCancellationRequested || run.BeginHedge() is not { } hedge)
        {
            return await reading;
        }

        var beside = LiveAttempt.Start(hedge, time, cancellationToken);
        var readingBeside = ReadAsync(beside);
        var done = await Task.WhenAny(reading, readingBeside);
        var other = done == reading ? readingBeside : reading;
        var first = await done;
        if (first.Error is { } error && !cancellationToken.IsCancellationRequested && !AttemptErrors.IsVerdict(error))
        {
            run.Lapsed(first.Attempt.Attempt, error, await first.Attempt.EndAsync());
            await first.Attempt.DisposeAsync();
            return await other;
        }

        // What one target says against the content is not routed around: the other one is let go then, too.
        var loser = done == reading ? beside : attempt;
        loser.LetGo();
        losers.Add((loser, other));
        return first;
    }

    /// <summary>Accounts for those that were let go.</summary>
    public async ValueTask EndAsync()
    {
        foreach (var (attempt, reading) in losers)
        {
            await reading;
            run.Lost(attempt.Attempt, await attempt.EndAsync());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (attempt, _) in losers)
        {
            await attempt.DisposeAsync();
        }
    }

    private static async Task<First> ReadAsync(LiveAttempt attempt)
    {
        var (item, error) = await attempt.ReadAsync(attempt.Attempt.FirstLimit, FaultKind.FirstTokenTimeout, delivered: false);
        return new(attempt, item, error);
    }

    private async Task<bool> IsLateAsync(Task reading, TimeSpan delay)
    {
        using var stop = new CancellationTokenSource();
        var late = Task.Delay(delay, time, stop.Token);
        var done = await Task.WhenAny(reading, late);
        await stop.CancelAsync();
        return done == late;
    }
}
