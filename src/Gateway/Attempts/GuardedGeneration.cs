using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.Attempts;

/// <summary>
/// A generation whose target may throw where its contract forbids it: that is an error event and the end, so that no reader waits for what does not come and
/// another target may be asked. One reader, like any.
/// </summary>
/// <param name="inner">The generation; owned.</param>
/// <param name="target">The target's name, for messages.</param>
internal sealed class GuardedGeneration(IGeneration inner, string target) : IGeneration
{
    private readonly TaskCompletionSource<GenerationSummary> broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GenerationEvent? last;
    private int tokens;

    public int PromptTokens => inner.PromptTokens;

    public Task<GenerationSummary> Completion => CompletionAsync();

    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        if (broken.Task.IsCompleted)
        {
            return last is not null;
        }

        try
        {
            return await inner.WaitToReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Break(exception);
            return true;
        }
    }

    public bool TryRead(out GenerationEvent item)
    {
        if (last is { } error)
        {
            (item, last) = (error, null);
            return true;
        }

        item = default;
        if (broken.Task.IsCompleted)
        {
            return false;
        }

        try
        {
            if (!inner.TryRead(out item))
            {
                return false;
            }
        }
        catch (Exception exception)
        {
            Break(exception);
            (item, last) = (last!.Value, null);
        }

        tokens += item.Tokens;
        return true;
    }

    public void Cancel()
    {
        try
        {
            inner.Cancel();
        }
        catch (Exception exception)
        {
            Break(exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        var disposing = DisposeInnerAsync();

        // What has thrown may never let go. Nobody waits for it.
        return broken.Task.IsCompleted ? ValueTask.CompletedTask : new(disposing);
    }

    private async Task DisposeInnerAsync()
    {
        try
        {
            await inner.DisposeAsync();
        }
        catch (Exception exception)
        {
            Break(exception);
        }
    }

    private async Task<GenerationSummary> CompletionAsync()
    {
        try
        {
            return await await Task.WhenAny(broken.Task, inner.Completion);
        }
        catch (Exception exception)
        {
            Break(exception);
            return await broken.Task;
        }
    }

    private void Break(Exception exception)
    {
        var read = tokens > 0;
        var summary = new GenerationSummary
        {
            Tokens = new TokenCounts { Prompt = PromptTokens, Prefilled = read ? PromptTokens : 0, NotReached = read ? 0 : PromptTokens, Sampled = tokens },
            TokensEstimated = true,
            FinishReason = FinishReason.Error,
            FinishCause = FinishCause.Server,
            FinishPhase = read ? RequestPhase.Decode : RequestPhase.Prefill,
        };
        if (broken.TrySetResult(summary))
        {
            last = new GenerationEvent { Kind = GenerationEventKind.Error, Error = AttemptErrors.Unforeseen(target, exception, read) };
        }
    }
}
