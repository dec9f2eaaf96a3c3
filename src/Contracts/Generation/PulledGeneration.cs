namespace Penstock.Contracts.Generation;

/// <summary>
/// A generation that its reader drives: nothing happens between two reads but what the network does, so a slow reader slows the source. Whoever
/// cancels need not be the reader; the generation then ends at once, whether it is read at that moment or not.
/// </summary>
public abstract class PulledGeneration : IGeneration
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Ended = 2;

    private readonly CancellationTokenSource cancellation = new();
    private readonly TaskCompletionSource<GenerationSummary> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GenerationEvent next;
    private bool hasNext;
    private bool last;
    private int state;

    /// <inheritdoc/>
    public abstract int PromptTokens { get; }

    /// <inheritdoc/>
    public Task<GenerationSummary> Completion => completion.Task;

    /// <summary>Cancelled by <see cref="Cancel"/>.</summary>
    protected CancellationToken Cancelled => cancellation.Token;

    /// <inheritdoc/>
    /// <remarks>The token is looked at before waiting, not while.</remarks>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (hasNext)
        {
            return true;
        }

        if (Interlocked.CompareExchange(ref state, Reading, Idle) != Idle)
        {
            return false;
        }

        if (!last)
        {
            (hasNext, next) = await PullAsync() is { } item ? (true, item) : (false, default);
        }

        if (!hasNext)
        {
            Volatile.Write(ref state, Ended);
            End();
            return false;
        }

        last = next.Kind == GenerationEventKind.Error;
        Interlocked.Exchange(ref state, Idle);
        if (cancellation.IsCancellationRequested && TryEnd())
        {
            hasNext = false;
        }

        return hasNext;
    }

    /// <inheritdoc/>
    public bool TryRead(out GenerationEvent item)
    {
        if (!hasNext && !TryTakeNext())
        {
            item = default;
            return false;
        }

        item = next;
        (hasNext, next) = (false, default);
        return true;
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        cancellation.Cancel();
        TryEnd();
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        Cancel();
        await completion.Task;
        await ReleaseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for the next event; null at the end and when <see cref="Cancelled"/>. Never throws: a failure is an error event, and the last.</summary>
    protected abstract ValueTask<GenerationEvent?> PullAsync();

    /// <summary>The next event, if it can be had without waiting. Never throws.</summary>
    protected abstract bool TryTake(out GenerationEvent item);

    /// <summary>Lets go of the source, but not of what events point into. Called once, when no read is under way.</summary>
    /// <returns>What is known of the generation: cancelled, when it was not over. Never throws.</returns>
    protected abstract ValueTask<GenerationSummary> SummarizeAsync();

    /// <summary>Returns buffers that events point into. Called when the generation is disposed.</summary>
    protected abstract ValueTask ReleaseAsync();

    private bool TryTakeNext()
    {
        if (last || Interlocked.CompareExchange(ref state, Reading, Idle) != Idle)
        {
            return false;
        }

        var taken = TryTake(out next);
        last = taken && next.Kind == GenerationEventKind.Error;
        Interlocked.Exchange(ref state, Idle);
        if (cancellation.IsCancellationRequested)
        {
            TryEnd();
        }

        return taken;
    }

    private bool TryEnd()
    {
        if (Interlocked.CompareExchange(ref state, Ended, Idle) != Idle)
        {
            return false;
        }

        End();
        return true;
    }

    private void End()
    {
        var summary = SummarizeAsync();
        if (summary.IsCompletedSuccessfully)
        {
            completion.TrySetResult(summary.Result);
        }
        else
        {
            _ = EndAsync(summary);
        }
    }

    private async Task EndAsync(ValueTask<GenerationSummary> summary) => completion.TrySetResult(await summary);
}
