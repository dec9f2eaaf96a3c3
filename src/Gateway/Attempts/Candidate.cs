using Penstock.Contracts.Targets;
using Penstock.Routing.Breakers;

namespace Penstock.Gateway.Attempts;

/// <summary>A target that may answer a request.</summary>
/// <param name="Target">What answers.</param>
/// <param name="Breaker">Whether it is asked; shared by all requests.</param>
/// <param name="FirstTokenTimeout">From the call to the first event.</param>
/// <param name="StallTimeout">Between two events.</param>
internal sealed record Candidate(IInferenceTarget Target, Breaker Breaker, TimeSpan FirstTokenTimeout, TimeSpan StallTimeout);
