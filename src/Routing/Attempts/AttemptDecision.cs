namespace Penstock.Routing.Attempts;

/// <summary>What to do next, and why.</summary>
/// <param name="Step">What.</param>
/// <param name="Wait">For a retry: how long to wait before.</param>
/// <param name="Reason">Why, in a few words for the attempt's row.</param>
public readonly record struct AttemptDecision(AttemptStep Step, TimeSpan Wait, string Reason);
