using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Bench.Cancel;

/// <summary>Decides when a client leaves, from how long the same request took when nobody left.</summary>
/// <param name="FirstToken">Until the first token.</param>
/// <param name="Decode">From there to the last.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
internal sealed record Departures(TimeSpan FirstToken, TimeSpan Decode, int OutputTokens)
{
    /// <summary>When to leave: after a time, at a token, or at whichever comes first.</summary>
    /// <param name="After">From sending; null = not by time.</param>
    /// <param name="AtToken">Once so many tokens have come; null = not by tokens.</param>
    public readonly record struct Departure(TimeSpan? After, int? AtToken);

    public Departure Next(CancelPhase phase, bool stream, Random random) => phase switch
    {
        // Early in the long prompt ahead of it, so that it surely still waits.
        CancelPhase.Queued => new(FirstToken * Between(random, 0.05, 0.3), null),
        CancelPhase.Prefill => new(FirstToken * Between(random, 0.2, 0.8), stream ? 1 : null),
        CancelPhase.FirstToken => new(FirstToken * Between(random, 0.8, 1), stream ? 1 : null),
        CancelPhase.Decode when stream => new(null, random.Next(2, Math.Max(3, OutputTokens / 2))),
        CancelPhase.Decode => new(FirstToken + (Decode * Between(random, 0.1, 0.6)), null),
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "No such phase."),
    };

    private static double Between(Random random, double from, double to) => from + ((to - from) * random.NextDouble());

    /// <summary>Times a request that runs to its end.</summary>
    public static Departures Of(ChatTrace whole, TimeProvider time) => new(
        time.GetElapsedTime(whole.SentAt, whole.FirstTokenAt ?? whole.EndedAt),
        whole.FirstTokenAt is { } first ? time.GetElapsedTime(first, whole.EndedAt) : TimeSpan.Zero,
        whole.OutputTokens);
}
