using Penstock.Cli.Bench.Streaming;
using Penstock.Ledger;

namespace Penstock.Cli.Bench.Load;

/// <summary>What a request must meet to count as good. A target that is null is always met.</summary>
internal sealed record LatencyTargets(double? TtftMs, double? GapMs)
{
    /// <summary>Complete, the first token in time, and 99% of its gaps (of a stream under 100 tokens: all) within the target.</summary>
    public bool AreMetBy(RequestSample sample) => sample.Outcome == ChatOutcome.Ok
        && (TtftMs is null || sample.TtftMs <= TtftMs)
        && (GapMs is null || sample.GapsMs.Count == 0 || Percentile.Of([.. sample.GapsMs.Order()], 0.99) <= GapMs);
}
