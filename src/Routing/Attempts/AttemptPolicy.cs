using Penstock.Contracts.Errors;

namespace Penstock.Routing.Attempts;

/// <summary>
/// What follows a failed attempt. Pure: facts and policy in, decision out. Never again after a byte was delivered, though the policy may let the answer go on from
/// there; never, unless the policy says so, after the provider has produced something; refusals that are the request's own doing are not routed around.
/// </summary>
public static class AttemptPolicy
{
    public static AttemptDecision Decide(in AttemptFacts facts, RetryPolicy policy)
    {
        var what = Name(facts.Fault);
        if (facts.Delivered)
        {
            return policy.Continue && facts.Resumable && BrokeOff(facts.Fault.Kind) && facts.Attempts < policy.MostAttempts && !(facts.TimeLeft <= TimeSpan.Zero)
                ? new(AttemptStep.Continue, TimeSpan.Zero, what)
                : GiveUp($"{what}, and part of the answer was delivered");
        }

        if (facts.Fault.Kind is FaultKind.ContextLength or FaultKind.ContentFilter)
        {
            return GiveUp(what);
        }

        if (facts.Fault.Produced && !policy.RetryBilled)
        {
            return GiveUp($"{what}, and the call is likely billed");
        }

        if (facts.Attempts >= policy.MostAttempts)
        {
            return GiveUp($"{what}, attempt {facts.Attempts} of {policy.MostAttempts}");
        }

        if (facts.TimeLeft <= TimeSpan.Zero)
        {
            return GiveUp($"{what}, and the deadline has passed");
        }

        return facts.HasAnother && !(SameFirst(facts.Fault.Kind) && CanRetry(facts, policy, out _))
            ? new(AttemptStep.FallBack, TimeSpan.Zero, what)
            : CanRetry(facts, policy, out var wait) ? new(AttemptStep.Retry, wait, what) : GiveUp(what);
    }

    /// <summary>A fault in words.</summary>
    public static string Name(UpstreamFault fault) => fault.Kind switch
    {
        FaultKind.Connect => "no connection",
        FaultKind.Reset => "connection reset",
        FaultKind.FirstTokenTimeout => "no first token in time",
        FaultKind.Stall => "stalled",
        FaultKind.Cut => "cut off",
        FaultKind.Malformed => "malformed answer",
        FaultKind.ContextLength => "context length exceeded",
        FaultKind.ContentFilter => "content filter",
        _ when fault.Status is { } status => $"status {status}",
        _ => "refused",
    };

    // What a provider says against the content is its verdict, in mid-answer too.
    private static bool BrokeOff(FaultKind kind) =>
        kind is FaultKind.Cut or FaultKind.Stall or FaultKind.Malformed or FaultKind.Reset or FaultKind.ServerError or FaultKind.Overloaded or FaultKind.RateLimited;

    // A blip is over in a moment and the first target is the one that was asked for: one more try of it, then the next.
    private static bool SameFirst(FaultKind kind) => kind is FaultKind.ServerError or FaultKind.Reset or FaultKind.Connect;

    private static bool CanRetry(in AttemptFacts facts, RetryPolicy policy, out TimeSpan wait)
    {
        wait = default;
        var most = facts.HasAnother ? Math.Min(1, policy.RetriesOfATarget) : policy.RetriesOfATarget;
        if (!facts.MayRetry || facts.AttemptsOfTarget > most)
        {
            return false;
        }

        switch (facts.Fault.Kind)
        {
            case FaultKind.Connect or FaultKind.Reset or FaultKind.ServerError or FaultKind.Overloaded or FaultKind.RateLimited:
            case FaultKind.Cut or FaultKind.Malformed:
                wait = facts.RetryAfter ?? Backoff(facts, policy);
                return wait <= policy.LongestWait && !(wait >= facts.TimeLeft);

            // Whoever waited for it once has waited long enough; the rest would be answered the same.
            default:
                return false;
        }
    }

    // Exponential with full jitter in the upper half (Brooker, "Exponential Backoff and Jitter", 2015): spread, yet never at once.
    private static TimeSpan Backoff(in AttemptFacts facts, RetryPolicy policy) =>
        Math.Min(1 << Math.Min(facts.AttemptsOfTarget - 1, 16), policy.LongestWait / policy.FirstWait) * (0.5 + (facts.Jitter / 2)) * policy.FirstWait;

    private static AttemptDecision GiveUp(string reason) => new(AttemptStep.GiveUp, TimeSpan.Zero, reason);
}
