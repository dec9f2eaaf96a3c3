namespace Penstock.Routing.Breakers;

/// <summary>How a breaker stands at one moment.</summary>
/// <param name="State">Whether the target is asked.</param>
/// <param name="OpenUntil">Until when it is not, where it is open.</param>
/// <param name="RestUntil">Until when the target asked to be left alone; null = it did not.</param>
/// <param name="LastFailureAt">When it last failed; null = not since the server has known it.</param>
/// <param name="LastFailure">How it last failed, in a word or two.</param>
public sealed record BreakerStatus(BreakerState State, DateTimeOffset? OpenUntil, DateTimeOffset? RestUntil, DateTimeOffset? LastFailureAt, string? LastFailure);
