using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Providers.Reading;

namespace Penstock.Gateway.Attempts;

/// <summary>
/// A generation that may take several attempts. Until the first event of one of them is there, nothing has been seen by anybody, and the next may be made;
/// from then on a failure is the last event, unless the answer can go on from what was seen.
/// </summary>
/// <param name="run">The request's attempts.</param>
/// <param name="promptTokens">Tokens of the prompt, about.</param>
/// <param name="transcript">What was delivered, where it may go on; null otherwise.</param>
/// <param name="time">The clock.</param>
internal sealed class AttemptGeneration(AttemptRun run, int promptTokens, AnswerTranscript? transcript, TimeProvider time) : PulledGeneration
{
    private readonly AttemptRace race = new(run, time);
    private LiveAttempt? current;
    private (LiveAttempt Attempt, GenerationSummary Ended)? brokenOff;
    private GenerationSummary? refused;
    private bool deadline;
    private bool failed;

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

        item = Deliver(current, item);
        return true;
    }

    protected override async ValueTask<GenerationSummary> SummarizeAsync()
    {
        await race.EndAsync();
        if (current is not { } attempt)
        {
            return refused is { } summary ? run.Book.Account(summary)
                : run.Book.Unanswered(deadline ? FinishReason.Deadline : failed ? FinishReason.Error : FinishReason.Cancelled, promptTokens);
        }

        var ended = await attempt.EndAsync();
        if (failed)
        {
            return Account(ended with { FinishReason = FinishReason.Error, FinishCause = FinishCause.Server }, attempt);
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
        return Account(ended, attempt);
    }

    protected override async ValueTask ReleaseAsync()
    {
        await race.DisposeAsync();
        if (brokenOff is var (first, _))
        {
            await first.DisposeAsync();
        }

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

            var (attempt, item, error) = await race.FirstAsync(LiveAttempt.Start(begun.Value, time, Cancelled), Cancelled);
            if (error is null || Cancelled.IsCancellationRequested)
            {
                // Also when it was cancelled, or has ended without an event: then its summary says how.
                current = attempt;
                return item is { } first ? Answered(attempt, first) : null;
            }

            var summary = await attempt.EndAsync();
            await attempt.DisposeAsync();
            if (PastDeadline())
            {
                run.Ended(attempt.Attempt, summary);
                return null;
            }

            refused = summary.FinishReason == FinishReason.Refused ? summary : null;
            run.Failed(attempt.Attempt, error, summary);
        }
    }

    private async ValueTask<GenerationEvent?> NextAsync(LiveAttempt attempt)
    {
        var limit = run.TimeLeft is { } left && left < attempt.Attempt.Candidate.StallTimeout ? left : attempt.Attempt.Candidate.StallTimeout;
        var (item, error) = await attempt.ReadAsync(limit, FaultKind.Stall, delivered: true);
        if (error is null)
        {
            return item is { } next ? Deliver(attempt, next) : null;
        }

        if (Cancelled.IsCancellationRequested || PastDeadline())
        {
            return null;
        }

        var ended = await attempt.EndAsync();
        run.Failed(attempt.Attempt, error, ended, attempt.Attempt.FirstEventAt != 0, brokenOff is null && transcript?.Text is not null);
        return run.Continues && await ContinueAsync(attempt, ended, error) is { } resumed ? resumed : Cancelled.IsCancellationRequested ? null : Fail(error);
    }

    // Null when nobody goes on; what the client has is then all that it gets, as without.
    private async ValueTask<GenerationEvent?> ContinueAsync(LiveAttempt first, GenerationSummary ended, PenstockError broke)
    {
        if (run.BeginContinuation(transcript!.Text!, ended.Tokens.Sampled) is not { } begun)
        {
            return null;
        }

        var attempt = LiveAttempt.Start(begun, time, Cancelled);
        var (item, error) = await attempt.ReadAsync(begun.FirstLimit, FaultKind.FirstTokenTimeout, delivered: false);
        if (item is null && !Cancelled.IsCancellationRequested)
        {
            run.Lapsed(begun, error ?? AttemptErrors.NothingMore(begun.Target), await attempt.EndAsync());
            await attempt.DisposeAsync();
            return null;
        }

        (brokenOff, current) = ((first, ended), attempt);
        return item is { } next ? Answered(attempt, next) with { Resumed = transcript.Resumed(AttemptErrors.Continued(first.Attempt, broke, begun)) } : null;
    }

    private GenerationEvent Answered(LiveAttempt attempt, in GenerationEvent first)
    {
        run.Answers(attempt.Attempt);
        return Deliver(attempt, first);
    }

    private GenerationEvent Deliver(LiveAttempt attempt, in GenerationEvent item)
    {
        attempt.Attempt.HandedOver += item.Tokens;
        transcript?.Take(item);
        return item;
    }

    private GenerationSummary Account(GenerationSummary ended, LiveAttempt attempt) => brokenOff is var (first, before)
        ? run.Book.Account(JoinedAnswer.Of(before, ended), (first.Attempt, before), (attempt.Attempt, ended))
        : run.Book.Account(ended, (attempt.Attempt, ended));

    private bool PastDeadline() => deadline = run.TimeLeft <= TimeSpan.Zero;

    private GenerationEvent Fail(PenstockError error)
    {
        failed = true;
        refused = AttemptErrors.FaultOf(error).Kind is FaultKind.Refused or FaultKind.ContextLength or FaultKind.ContentFilter ? refused : null;
        return new GenerationEvent { Kind = GenerationEventKind.Error, Error = error };
    }
}
