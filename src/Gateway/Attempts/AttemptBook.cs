using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.Attempts;

/// <summary>The rows of one request's attempts, each with its account. One user at a time.</summary>
internal sealed class AttemptBook(TimeProvider time)
{
    private static readonly GenerationSummary Nothing = new() { Tokens = default, FinishReason = FinishReason.Error, FinishCause = FinishCause.Server, FinishPhase = RequestPhase.Admit };

    private readonly List<(AttemptRecord Row, GenerationSummary Account)> rows = [];

    /// <summary>An attempt is over.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="outcome">How.</param>
    /// <param name="fault">What failed, when something did.</param>
    /// <param name="summary">Its account; null when nothing was read or produced.</param>
    public void Add(Attempt attempt, AttemptOutcome outcome, UpstreamFault? fault, GenerationSummary? summary)
    {
        var account = summary ?? Nothing;
        var row = new AttemptRecord
        {
            Number = attempt.Number,
            Target = attempt.Target,
            Model = attempt.Model,
            AnsweredModel = account.AnsweredModel,
            Reason = attempt.Reason,
            StartedAt = attempt.StartedAt,
            FirstEvent = attempt.FirstEventAt == 0 ? null : time.GetElapsedTime(attempt.StartTimestamp, attempt.FirstEventAt),
            Duration = time.GetElapsedTime(attempt.StartTimestamp),
            Outcome = outcome,
            Fault = fault?.Kind,
            Status = fault is null ? (attempt.FirstEventAt == 0 ? null : 200) : fault.Status,
            Prompt = account.Tokens.Cached + account.Tokens.Prefilled,
            Produced = account.Tokens.Sampled,
            Delivered = attempt.HandedOver,
            Billed = summary is { TokensEstimated: false } ? account.Tokens.Sampled : null,
        };

        // A loser is let go before the winner ends, and accounted for after it: the order is that of their beginning.
        var place = rows.FindLastIndex(one => one.Row.Number < attempt.Number) + 1;
        rows.Insert(place, (row, account));
    }

    /// <summary>An attempt was let go because another one was quicker. Its provider has read the prompt, or soon will have: where it did not say, that is an estimate.</summary>
    public void AddLoser(Attempt attempt, GenerationSummary summary)
    {
        var tokens = summary.Tokens;
        var silent = attempt.Candidate.Target.Description.Remote && tokens is { Cached: 0, Prefilled: 0 };
        Add(attempt, AttemptOutcome.Cancelled, null, silent ? summary with { Tokens = tokens with { Prefilled = tokens.Prompt, NotReached = 0 }, TokensEstimated = true } : summary);
    }

    /// <summary>The account of an answer, with the rows of all attempts.</summary>
    /// <param name="summary">The account.</param>
    /// <param name="parts">The attempts that answered, one behind the other, each with its own account; none when none did.</param>
    public GenerationSummary Account(GenerationSummary summary, params ReadOnlySpan<(Attempt Attempt, GenerationSummary Ended)> parts)
    {
        List<string> names = [];
        foreach (var (attempt, ended) in parts)
        {
            names.Add($"{attempt.Target}/{ended.AnsweredModel ?? attempt.Model}");
        }

        return Close(summary with { AnsweredBy = names.Count == 0 ? null : string.Join(" + ", names) });
    }

    /// <summary>The account of a request that no attempt answered.</summary>
    public GenerationSummary Unanswered(FinishReason how, int promptTokens) => Close(new()
    {
        Tokens = new TokenCounts { Prompt = promptTokens, NotReached = promptTokens },
        EndedAt = time.GetTimestamp(),
        TokensEstimated = true,
        FinishReason = how,
        FinishCause = how switch { FinishReason.Cancelled => FinishCause.Client, FinishReason.Deadline => FinishCause.Request, _ => FinishCause.Server },
        FinishPhase = RequestPhase.Schedule,
    });

    private GenerationSummary Close(GenerationSummary summary) => summary with { Attempts = [.. rows.Select(one => one.Row)], Accounts = [.. rows.Select(one => one.Account)] };
}
