using Penstock.Cli.Bench.Load;
using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Bench.Neighbour;

/// <summary>What a long prompt does to the streams beside it. The property names are the JSON's.</summary>
internal sealed record NeighbourReport
{
    /// <summary>Gaps between the tokens of the streams while they were alone. Tokens of one event, of which only the last completes a character, share its time.</summary>
    public required Distribution GapMsBefore { get; init; }

    /// <summary>Gaps of the streams that lie at least in part between the sending of the long prompt and its first token.</summary>
    public required Distribution GapMsDuring { get; init; }

    /// <summary>The same as <see cref="GapMsDuring"/>, from event to event.</summary>
    public required Distribution EventGapMsDuring { get; init; }

    /// <summary>From the sending of the long prompt to its first token.</summary>
    public required double? LongTtftMs { get; init; }

    public required int Streams { get; init; }

    /// <summary>Streams that ended before the long prompt had been read: of these the rest of the time is missing.</summary>
    public required int StreamsEndedEarly { get; init; }

    public required int? LongPromptTokens { get; init; }

    public static NeighbourReport Of(IReadOnlyList<ChatTrace> streams, ChatTrace longOne, TimeProvider time)
    {
        var from = longOne.SentAt;
        var to = longOne.FirstTokenAt ?? longOne.EndedAt;
        var waits = streams.SelectMany(stream => stream.TokenWaits).ToList();
        return new NeighbourReport
        {
            GapMsBefore = Spread(waits.Where(wait => wait.To < from)),
            GapMsDuring = Spread(waits.Where(wait => wait.To >= from && wait.From <= to)),
            EventGapMsDuring = Spread(waits.Where(wait => wait.To >= from && wait.From <= to).Select(wait => wait with { Tokens = 1 })),
            LongTtftMs = longOne.FirstTokenAt is { } first ? Math.Round(time.GetElapsedTime(from, first).TotalMilliseconds, 3) : null,
            Streams = streams.Count,
            StreamsEndedEarly = streams.Count(stream => stream.EndedAt < to),
            LongPromptTokens = longOne.PromptTokens,
        };

        Distribution Spread(IEnumerable<(long From, long To, int Tokens)> some) => Distribution.Of(
            [.. some.SelectMany(wait => Enumerable.Repeat(time.GetElapsedTime(wait.From, wait.To).TotalMilliseconds / wait.Tokens, wait.Tokens)).Order()]);
    }
}
