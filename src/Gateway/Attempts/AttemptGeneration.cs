using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.Attempts;

/// <summary>
/// A generation that may take several attempts. Until the first event of one of them is there, nothing has been seen by anybody, and the next may be made;
/// from then on a failure is the last event.
/// </summary>
internal sealed class AttemptGeneration(AttemptRun run, int promptTokens, TimeProvider time) : PulledGeneration
{
    private LiveAttempt? current;
    private GenerationSummary? refused;
    private bool deadline;
    private bool failed;
    private bool delivered;

    public override int PromptTokens => promptTokens;

    protected override async ValueTask<GenerationEvent?> PullAsync()
    {
        try
        {
            return current is null ? await OpenAsync() : await NextAsync(current);
        }
        catch (OperationCanceledException) when (Cancelled.IsCancellationRequested)
        {
            return null;
        }
    }

    protected override bool TryTake(out GenerationEvent item)
    {
        if (current is not { Generation: { } generation } || !generation.TryRead(out item))
        {
            item = default;
            return false;
        }

        if (item.Kind == GenerationEventKind.Error)
        {
            // Rare, and then a wait: the reader comes back by WaitToReadAsync.
            current.Pending = item.Error;
            return false;
        }

        return true;
    }

    protected override async ValueTask<GenerationSummary> SummarizeAsync()
    {
        if (current is not { } attempt)
        {
            return refused is { } summary ? run.Account(summary, null)
                : run.Unanswered(deadline ? FinishReason.Deadline : failed ? FinishReason.Error : FinishReason.Cancelled, promptTokens);
        }

        var ended = await attempt.EndAsync();
        if (failed)
        {
            return run.Account(ended with { FinishReason = FinishReason.Error, FinishCause = FinishCause.Server }, attempt.Attempt);
        }

        // Whatever the target met when it was let go, it was let go.
        if (Cancelled.IsCancellationRequested && ended.FinishReason == FinishReason.Error)
        {
            ended = ended with { FinishReason = FinishReason.Cancelled, FinishCause = FinishCause.Client };
        }

        if (deadline)
        {
            ended = ended with { FinishReason = FinishReason.Deadline, FinishCause = FinishCause.Request };
        }

        run.Ended(attempt.Attempt, ended);
        return run.Account(ended, attempt.Attempt);
    }

    protected override async ValueTask ReleaseAsync()
    {
        if (current is { } attempt)
        {
            await attempt.DisposeAsync();
        }
    }

    private async ValueTask<GenerationEvent?> OpenAsync()
    {
        while (true)
        {
            var begun = await run.BeginAsync(Cancelled);
            if (!begun.Ok)
            {
                return Fail(begun.Error);
            }

            var attempt = LiveAttempt.Start(begun.Value, time, Cancelled);
            var (item, error) = await attempt.ReadAsync(begun.Value.FirstLimit, FaultKind.FirstTokenTimeout, delivered: false);
            if (error is null)
            {
                // Also when it was cancelled, or has ended without an event: then its summary says how.
                current = attempt;
                if (item is not null)
                {
                    begun.Value.FirstEventAt = time.GetTimestamp();
                    run.Answers(begun.Value);
                    delivered = true;
                }

                return item;
            }

            var summary = await attempt.EndAsync();
            await attempt.DisposeAsync();
            Cancelled.ThrowIfCancellationRequested();
            if (PastDeadline())
            {
                run.Ended(begun.Value, summary);
                return null;
            }

            refused = summary.FinishReason == FinishReason.Refused ? summary : null;
            run.Failed(begun.Value, error, summary);
        }
    }

    private async ValueTask<GenerationEvent?> NextAsync(LiveAttempt attempt)
    {
        var limit = run.TimeLeft is { } left && left < attempt.Attempt.Candidate.StallTimeout ? left : attempt.Attempt.Candidate.StallTimeout;
        var (item, error) = await attempt.ReadAsync(limit, FaultKind.Stall, delivered: true);
        if (error is null || Cancelled.IsCancellationRequested || PastDeadline())
        {
            return error is null ? item : null;
        }

        run.Failed(attempt.Attempt, error, await attempt.EndAsync(), delivered);
        return Fail(error);
    }

    private bool PastDeadline() => deadline = run.TimeLeft <= TimeSpan.Zero;

    private GenerationEvent Fail(PenstockError error)
    {
        failed = true;
        refused = AttemptErrors.FaultOf(error).Kind is FaultKind.Refused or FaultKind.ContextLength or FaultKind.ContentFilter ? refused : null;
        return new GenerationEvent { Kind = GenerationEventKind.Error, Error = error };
    }
}
