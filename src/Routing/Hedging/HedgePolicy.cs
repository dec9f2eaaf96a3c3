namespace Penstock.Routing.Hedging;

/// <summary>When a second target is asked although the first has not failed (Dean and Barroso, "The Tail at Scale", 2013). Immutable.</summary>
public sealed record HedgePolicy
{
    /// <summary>
    /// How late a first event must be, as a quantile of the target's own recent ones: 0.95 asks elsewhere once 95 of 100 answers would have begun. From 0.5 to 0.999. Default 0.95.
    /// </summary>
    public double After { get; init; } = 0.95;

    /// <summary>The most that hedges may be of all requests and, separately, of all tokens; 0.05 = 5 %. Default 0.05.</summary>
    public double WasteShare { get; init; } = 0.05;

    /// <summary>Nobody is hedged sooner, however quick the target: below it a second call costs more than the wait. Default 50 ms.</summary>
    public TimeSpan Floor { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Whether an answer that is not streamed is hedged too. Of such a call nothing is seen until it is whole, so that the loser may be billed for a whole answer; of a
    /// stream that has not begun, for its prompt. Default no.
    /// </summary>
    public bool Billed { get; init; }
}
