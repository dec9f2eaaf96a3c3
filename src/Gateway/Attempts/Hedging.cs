using Penstock.Routing.Hedging;

namespace Penstock.Gateway.Attempts;

/// <summary>Whether one request's attempts are hedged, and what is learnt from them for the next.</summary>
/// <param name="terms">How attempts are made.</param>
/// <param name="stream">Whether the answer is streamed.</param>
internal sealed class Hedging(AttemptTerms terms, bool stream)
{
    /// <summary>Whether the request has been hedged: once is enough.</summary>
    public bool Made { get; set; }

    /// <summary>After how long without a first event another target is asked too; null = never.</summary>
    /// <param name="attempt">The attempt that may be late.</param>
    /// <param name="made">Attempts of the request so far.</param>
    /// <param name="hasAnother">Whether another target is left.</param>
    public TimeSpan? Delay(Attempt attempt, int made, bool hasAnother) => terms.Policy.Hedging is not { } policy || attempt.Candidate.Times is not { } times
        ? null
        : HedgeRule.Delay(
            new HedgeFacts
            {
                Usual = times.Of(stream).Quantile(policy.After),
                Streams = stream,
                HasAnother = hasAnother,
                Hedged = Made,
                Attempts = made,
                MostAttempts = terms.Policy.MostAttempts,
                Limit = attempt.FirstLimit,
            },
            policy);

    /// <summary>An attempt has begun to answer, or was let go before.</summary>
    public void Note(Attempt attempt) =>
        attempt.Candidate.Times?.Of(stream).Add(terms.Time.GetElapsedTime(attempt.StartTimestamp, attempt.FirstEventAt == 0 ? terms.Time.GetTimestamp() : attempt.FirstEventAt));
}
