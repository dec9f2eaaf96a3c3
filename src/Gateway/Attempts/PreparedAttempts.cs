using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Providers.Reading;

namespace Penstock.Gateway.Attempts;

/// <summary>A request that at least one candidate can take. Nobody has been asked.</summary>
internal sealed class PreparedAttempts(IReadOnlyList<Candidate> candidates, int first, IPreparedRequest prepared, InferenceRequest request, AttemptTerms terms) : IPreparedRequest
{
    public int PromptTokens => prepared.PromptTokens;

    public int MaxPromptTokens => prepared.MaxPromptTokens;

    public IReadOnlyList<TargetDescription> Candidates => [.. candidates.Select(candidate => candidate.Target.Description)];

    public int MaxOutputTokens => prepared.MaxOutputTokens;

    // A call that has produced something is one to pay for: those that may be made beside, behind or instead of another that has.
    public int ChargedCalls => terms.Policy.RetryBilled ? terms.Policy.MostAttempts : Math.Min(terms.Policy.MostAttempts, 1 + (MayHedge ? 1 : 0) + (Transcript is null ? 0 : 1));

    public IReadOnlyList<string> Notices => prepared.Notices;

    public IReadOnlyList<Loss> Losses => prepared.Losses;

    public Outcome<IGeneration> Start() => Outcome.Of<IGeneration>(new AttemptGeneration(Run(), prepared.PromptTokens, Transcript, terms.Time));

    public async ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken)
    {
        var run = Run();
        while (true)
        {
            Outcome<Attempt> begun;
            try
            {
                begun = await run.BeginAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return new EmbeddingResult([], run.Book.Unanswered(FinishReason.Cancelled, PromptTokens));
            }

            if (!begun.Ok)
            {
                return Failed(run, begun.Error);
            }

            var attempt = begun.Value;
            var outcome = await EmbedAsync(attempt, cancellationToken);
            if (outcome.Ok)
            {
                attempt.FirstEventAt = terms.Time.GetTimestamp();
                run.Ended(attempt, outcome.Value.Summary);
                return outcome.Value with { Summary = run.Book.Account(outcome.Value.Summary, (attempt, outcome.Value.Summary)) };
            }

            run.Failed(attempt, outcome.Error, null);
        }
    }

    private bool MayHedge => terms.Policy.Hedging is { } hedging && candidates.Count > 1 && request.Kind != RequestKind.Embedding && (request.Stream || hedging.Billed);

    private AnswerTranscript? Transcript => terms.Policy.Continue ? AnswerTranscript.For(request) : null;

    private AttemptRun Run() => new(candidates, first, prepared, request, terms);

    // The rows of what was tried are kept only where there is an account; an error by itself has none.
    private EmbeddingResult Failed(AttemptRun run, PenstockError error) => new([], run.Book.Unanswered(FinishReason.Error, PromptTokens)) { Failure = error };

    private async ValueTask<Outcome<EmbeddingResult>> EmbedAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(attempt.FirstLimit, terms.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var outcome = await attempt.Prepared.EmbedAsync(either.Token);
        return outcome is { Ok: true, Value.Summary.FinishReason: FinishReason.Cancelled } && !cancellationToken.IsCancellationRequested
            ? AttemptErrors.TooLate(attempt.Target, FaultKind.FirstTokenTimeout, produced: false)
            : outcome;
    }
}
