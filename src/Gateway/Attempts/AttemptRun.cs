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
    private readonly IReadOnlyList<Candidate> candidates;
    private readonly InferenceRequest request;
    private readonly AttemptTerms terms;
    private readonly Hedging hedging;
    private readonly long startedAt;
    private IPreparedRequest? prepared;
    private PenstockError? verdict;
    private Candidate? asked;
    private string reason = "first";
    private TimeSpan wait;
    private int index;
    private int made;
    private int ofTarget;
    private bool over;

    public AttemptRun(IReadOnlyList<Candidate> candidates, int first, IPreparedRequest prepared, InferenceRequest request, AttemptTerms terms)
    {
        (this.candidates, index, this.prepared, this.request, this.terms) = (candidates, first, prepared, request, terms);
        Book = new AttemptBook(terms.Time);
        startedAt = terms.Time.GetTimestamp();
        hedging = new Hedging(terms, request.Stream);
        terms.Waste?.Request(prepared.PromptTokens);
    }

    /// <summary>What has become of them.</summary>
    public AttemptBook Book { get; }

    /// <summary>Until the request's deadline; null = none.</summary>
    public TimeSpan? TimeLeft => request.Terms.Deadline - terms.Time.GetElapsedTime(startedAt);

    /// <summary>Whether an answer that broke off is to go on; decided by <see cref="Failed"/>.</summary>
    public bool Continues { get; private set; }

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
                return Make(index, ready);
            }
        }

        over = true;
        return verdict ??= AttemptErrors.NobodyLeft(request.Model, soonest ?? TimeSpan.FromSeconds(1), resting);
    }

    /// <summary>After how long without a first event another target is asked too; null = never.</summary>
    public TimeSpan? HedgeDelay(Attempt attempt) => hedging.Delay(attempt, made, HasAnother);

    /// <summary>The attempt beside one that is late; null when nobody can be asked, or the budget of waste is spent.</summary>
    public Attempt? BeginHedge()
    {
        hedging.Made = true;
        var now = terms.Time.GetUtcNow();
        for (var next = index + 1; next < candidates.Count; next++)
        {
            // A target that has failed too often is not tried out on a request that another one is working for.
            var candidate = candidates[next];
            if (candidate.Breaker.StateAt(now) != BreakerState.Closed || candidate.Breaker.TryEnter(now) > TimeSpan.Zero || candidate.Target.Prepare(request) is not { Ok: true } outcome)
            {
                continue;
            }

            if (terms.Waste?.TrySpend(outcome.Value.PromptTokens) != true)
            {
                return null;
            }

            (index, prepared, ofTarget, reason) = (next, outcome.Value, 0, "hedge: no first token within the usual time");
            return Make(next, outcome.Value);
        }

        return null;
    }

    /// <summary>The attempt that goes on with what was delivered: the next target that can, or else the same once more; null when none can.</summary>
    /// <param name="text">What was delivered.</param>
    /// <param name="produced">Output tokens that are spent.</param>
    public Attempt? BeginContinuation(string text, int produced)
    {
        Continues = false;
        over = true;
        if (ResumedRequest.Of(request, text, produced) is not { } resumed)
        {
            return null;
        }

        foreach (var next in Enumerable.Range(index + 1, candidates.Count - index - 1).Append(index))
        {
            var candidate = candidates[next];

            // Whoever cannot say all of the request would go on with something else.
            if (candidate.Target.Prepare(resumed) is { Ok: true, Value: { Losses.Count: 0 } ready } && candidate.Breaker.TryEnter(terms.Time.GetUtcNow()) <= TimeSpan.Zero)
            {
                return Make(next, new ResumedPrepared(ready, text));
            }
        }

        return null;
    }

    /// <summary>It answered: its breaker may know.</summary>
    public void Answers(Attempt attempt)
    {
        attempt.FirstEventAt = terms.Time.GetTimestamp();
        attempt.Candidate.Breaker.Succeeded(terms.Time.GetUtcNow());
        hedging.Note(attempt);
    }

    /// <summary>It has ended, well or by the client's leaving.</summary>
    public void Ended(Attempt attempt, GenerationSummary summary)
    {
        var left = summary.FinishReason == FinishReason.Cancelled;
        Book.Add(attempt, left ? AttemptOutcome.Cancelled : AttemptOutcome.Answered, null, summary);
        if (!left)
        {
            terms.Waste?.Answered(summary.Tokens.Sampled);
        }
    }

    /// <summary>It was let go because another one was quicker. Its provider has read the prompt, or soon will have: that is charged, if only as an estimate.</summary>
    public void Lost(Attempt attempt, GenerationSummary summary)
    {
        hedging.Note(attempt);
        terms.Waste?.Produced(summary.Tokens.Sampled);
        Book.AddLoser(attempt, summary);
    }

    /// <summary>It has failed, and another one is on its way: nothing is to be decided.</summary>
    public void Lapsed(Attempt attempt, PenstockError error, GenerationSummary? summary)
    {
        var fault = AttemptErrors.FaultOf(error);
        Book.Add(attempt, AttemptOutcome.Failed, fault, summary);
        attempt.Candidate.Report(fault.Kind, error.RetryAfter, terms.Time.GetUtcNow());

        // The client asked for the first target: that a fallback cannot take the request is no reason to call the request wrong. A verdict on its content is.
        if (verdict is null || attempt.Candidate == asked || fault.Kind is FaultKind.ContextLength or FaultKind.ContentFilter)
        {
            verdict = error;
        }
    }

    /// <summary>It has failed: notes it and decides what <see cref="BeginAsync"/> does next.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="error">How.</param>
    /// <param name="summary">What it had produced; null when nothing.</param>
    /// <param name="delivered">Whether part of the answer is with the client.</param>
    /// <param name="resumable">Whether the answer can go on from that.</param>
    public void Failed(Attempt attempt, PenstockError error, GenerationSummary? summary, bool delivered = false, bool resumable = false)
    {
        Lapsed(attempt, error, summary);
        var decision = AttemptPolicy.Decide(
            new AttemptFacts
            {
                Fault = AttemptErrors.FaultOf(error),
                RetryAfter = error.RetryAfter,
                Attempts = made,
                AttemptsOfTarget = ofTarget,
                HasAnother = HasAnother,
                MayRetry = attempt.Candidate.Breaker.StateAt(terms.Time.GetUtcNow()) == BreakerState.Closed,
                Delivered = delivered,
                Resumable = resumable && !over,
                TimeLeft = TimeLeft,
                Jitter = terms.Jitter(),
            },
            terms.Policy);
        (wait, over, Continues) = (decision.Wait, decision.Step == AttemptStep.GiveUp, decision.Step == AttemptStep.Continue);
        if (decision.Step == AttemptStep.FallBack)
        {
            Next(decision.Reason);
        }
        else
        {
            reason = $"{(Continues ? "continuation" : "retry")}: {decision.Reason}";

            // Of two that were asked beside each other it is the one that failed last.
            (index, prepared) = (attempt.Index, attempt.Prepared);
        }
    }

    private Attempt Make(int at, IPreparedRequest ready)
    {
        var candidate = candidates[at];
        asked ??= candidate;
        ofTarget++;
        var limit = TimeLeft is { } left && left < candidate.FirstTokenTimeout ? left : candidate.FirstTokenTimeout;
        return new Attempt(++made, at, candidate, ready, reason, terms.Time.GetUtcNow(), terms.Time.GetTimestamp())
        {
            FirstLimit = limit > TimeSpan.Zero ? limit : TimeSpan.FromTicks(1),
        };
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
}
