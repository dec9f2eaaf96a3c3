using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Targets;
using Penstock.Routing.Breakers;
using Penstock.Routing.Hedging;

namespace Penstock.Gateway.Attempts;

/// <summary>A target that may answer a request.</summary>
/// <param name="Target">What answers.</param>
/// <param name="Breaker">Whether it is asked; shared by all requests.</param>
/// <param name="FirstTokenTimeout">From the call to the first event.</param>
/// <param name="StallTimeout">Between two events.</param>
/// <param name="Times">How long its answers take to begin, shared by all requests; null where nobody hedges.</param>
internal sealed record Candidate(IInferenceTarget Target, Breaker Breaker, TimeSpan FirstTokenTimeout, TimeSpan StallTimeout, AnswerTimes? Times = null)
{
    /// <summary>A call of it has failed: what its breaker is to know of that.</summary>
    public void Report(FaultKind kind, TimeSpan? retryAfter, DateTimeOffset now)
    {
        switch (kind)
        {
            case FaultKind.RateLimited:
                if (retryAfter is { } rest)
                {
                    Breaker.Rest(now + rest);
                }

                break;
            case FaultKind.Refused or FaultKind.ContextLength or FaultKind.ContentFilter or FaultKind.UnknownModel:
                Breaker.Succeeded(now);
                break;
            default:
                Breaker.Failed(now, JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}"));
                break;
        }
    }
}
