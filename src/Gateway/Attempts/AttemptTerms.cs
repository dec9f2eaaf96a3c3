using Penstock.Routing.Attempts;

namespace Penstock.Gateway.Attempts;

/// <summary>What all attempts share.</summary>
/// <param name="Policy">When to try again.</param>
/// <param name="Time">The clock.</param>
/// <param name="Jitter">A number in [0, 1), another each time; thread-safe.</param>
internal sealed record AttemptTerms(RetryPolicy Policy, TimeProvider Time, Func<double> Jitter);
