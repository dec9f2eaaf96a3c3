using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Routing.Attempts;
using Penstock.Routing.Breakers;

namespace Penstock.Gateway.Attempts;

/// <summary>The attempts of one request: whose turn it is, what has failed and why, and a row for each. One user at a time.</summary>
internal sealed class AttemptRun
{
    private static readonly GenerationSummary Nothing = new() { Tokens = default, FinishReason = FinishReason.Error, FinishCause = FinishCause.Server, FinishPhase = RequestPhase.Admit };

    private readonly IReadOnlyList<Candidate> candidates;
    private readonly InferenceRequest request;
    private readonly AttemptTerms terms;
    private readonly long startedAt;
    private readonly List<AttemptRecord> rows = [];
    private readonly List<GenerationSummary> accounts = [];
    private IPreparedRequest? prepared;
    private PenstockError? verdict;
    private string reason = "first";
    private TimeSpan wait;
    private int index;
    private int ofTarget;
    private bool over;

    public AttemptRun(IReadOnlyList<Candidate> candidates, int first, IPreparedRequest prepared, InferenceRequest request, AttemptTerms terms)
    {
        (this.candidates, index, this.prepared, this.request, this.terms) = (candidates, first, prepared, request, terms);
        startedAt = terms.Time.GetTimestamp();
    }

    /// <summary>Until the request's deadline; null = none.</summary>
    public TimeSpan? TimeLeft => request.Terms.Deadline - terms.Time.GetElapsedTime(startedAt);

    private bool HasAnother => index < candidates.Count - 1;

    /// <summary>The next attempt, after the wait that the last failure asks for; or what to tell the client, when none is left.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while it waited.</exception>
    public async ValueTask<Outcome<Attempt>> BeginAsync(CancellationToken cancellationToken)
    {
        if (over)
        {
            return verdict!;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, terms.Time, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        TimeSpan? soonest = null;
        var resting = false;
        for (; index < candidates.Count; Next("not asked: it has failed too often"))
        {
            var candidate = candidates[index];
            var now = terms.Time.GetUtcNow();
            var closedFor = candidate.Breaker.TryEnter(now);
            if (closedFor > TimeSpan.Zero)
            {
                resting |= candidate.Breaker.StateAt(now) == BreakerState.Closed;
                soonest = closedFor < soonest ? closedFor : soonest ?? closedFor;
                continue;
            }

            if (Prepare(candidate) is { } ready)
            {
                ofTarget++;
                return new Attempt(rows.Count + 1, candidate, ready, reason, now, terms.Time.GetTimestamp()) { FirstLimit = Least(candidate.FirstTokenTimeout, TimeLeft) };
            }
        }

        over = true;
        return verdict ??= AttemptErrors.NobodyLeft(request.Model, soonest ?? TimeSpan.FromSeconds(1), resting);
    }

    /// <summary>It answered: its breaker may know.</summary>
    public void Answers(Attempt attempt) => attempt.Candidate.Breaker.Succeeded(terms.Time.GetUtcNow());

    /// <summary>It has ended, well or by the client's leaving.</summary>
    public void Ended(Attempt attempt, GenerationSummary summary) =>
        AddRow(attempt, summary.FinishReason == FinishReason.Cancelled ? AttemptOutcome.Cancelled : AttemptOutcome.Answered, null, summary);

    /// <summary>It has failed: notes it and decides what <see cref="BeginAsync"/> does next.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="error">How.</param>
    /// <param name="summary">What it had produced; null when nothing.</param>
    /// <param name="delivered">Whether part of the answer is with the client.</param>
    public void Failed(Attempt attempt, PenstockError error, GenerationSummary? summary, bool delivered = false)
    {
        var fault = AttemptErrors.FaultOf(error);
        AddRow(attempt, AttemptOutcome.Failed, fault, summary);
        var now = terms.Time.GetUtcNow();
        Report(attempt.Candidate.Breaker, fault.Kind, error.RetryAfter, now);
        var decision = AttemptPolicy.Decide(
            new AttemptFacts
            {
                Fault = fault,
                RetryAfter = error.RetryAfter,
                Attempts = rows.Count,
                AttemptsOfTarget = ofTarget,
                HasAnother = HasAnother,
                MayRetry = attempt.Candidate.Breaker.StateAt(now) == BreakerState.Closed,
                Delivered = delivered,
                TimeLeft = TimeLeft,
                Jitter = terms.Jitter(),
            },
            terms.Policy);

        // The client asked for the first target: that a fallback cannot take the request is no reason to call the request wrong. A verdict on its content is.
        var isFallback = attempt.Target != rows[0].Target || attempt.Model != rows[0].Model;
        if (verdict is null || !isFallback || fault.Kind is FaultKind.ContextLength or FaultKind.ContentFilter)
        {
            verdict = error;
        }

        (wait, over) = (decision.Wait, decision.Step == AttemptStep.GiveUp);
        if (decision.Step == AttemptStep.FallBack)
        {
            Next(decision.Reason);
        }
        else
        {
            reason = $"retry: {decision.Reason}";
        }
    }

    /// <summary>A target's account, with the rows of all attempts.</summary>
    /// <param name="summary">The account.</param>
    /// <param name="attempt">The attempt that answered; null when none did.</param>
    public GenerationSummary Account(GenerationSummary summary, Attempt? attempt) => summary with
    {
        Attempts = rows,
        Accounts = accounts,
        AnsweredBy = attempt is null ? null : $"{attempt.Target}/{summary.AnsweredModel ?? attempt.Model}",
    };

    /// <summary>The account of a request that no attempt answered.</summary>
    public GenerationSummary Unanswered(FinishReason how, int promptTokens) => new()
    {
        Tokens = new TokenCounts { Prompt = promptTokens, NotReached = promptTokens },
        EndedAt = terms.Time.GetTimestamp(),
        TokensEstimated = true,
        Attempts = rows,
        Accounts = accounts,
        FinishReason = how,
        FinishCause = how switch { FinishReason.Cancelled => FinishCause.Client, FinishReason.Deadline => FinishCause.Request, _ => FinishCause.Server },
        FinishPhase = RequestPhase.Schedule,
    };

    private static TimeSpan Least(TimeSpan limit, TimeSpan? other) => other is { } left && left < limit ? (left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1)) : limit;

    private static void Report(Breaker breaker, FaultKind kind, TimeSpan? retryAfter, DateTimeOffset now)
    {
        switch (kind)
        {
            case FaultKind.RateLimited:
                if (retryAfter is { } rest)
                {
                    breaker.Rest(now + rest);
                }

                break;
            case FaultKind.Refused or FaultKind.ContextLength or FaultKind.ContentFilter or FaultKind.UnknownModel:
                breaker.Succeeded(now);
                break;
            default:
                breaker.Failed(now);
                break;
        }
    }

    private IPreparedRequest? Prepare(Candidate candidate)
    {
        if (prepared is { } ready)
        {
            return ready;
        }

        var outcome = candidate.Target.Prepare(request);
        verdict ??= outcome.Error;
        return outcome.Value;
    }

    private void Next(string why)
    {
        reason = $"fallback: {why}";
        (prepared, wait, ofTarget) = (null, TimeSpan.Zero, 0);
        index++;
    }

    private void AddRow(Attempt attempt, AttemptOutcome outcome, UpstreamFault? fault, GenerationSummary? summary)
    {
        var billed = summary is { TokensEstimated: false } ? summary.Tokens.Sampled : (int?)null;
        accounts.Add(summary ?? Nothing);
        rows.Add(new AttemptRecord
        {
            Number = attempt.Number,
            Target = attempt.Target,
            Model = attempt.Model,
            AnsweredModel = summary?.AnsweredModel,
            Reason = attempt.Reason,
            StartedAt = attempt.StartedAt,
            FirstEvent = attempt.FirstEventAt == 0 ? null : terms.Time.GetElapsedTime(attempt.StartTimestamp, attempt.FirstEventAt),
            Duration = terms.Time.GetElapsedTime(attempt.StartTimestamp),
            Outcome = outcome,
            Fault = fault?.Kind,
            Status = fault is null ? (attempt.FirstEventAt == 0 ? null : 200) : fault.Status,
            Prompt = summary is null ? 0 : summary.Tokens.Cached + summary.Tokens.Prefilled,
            Produced = summary?.Tokens.Sampled ?? 0,
            Billed = billed,
        });
    }
}
