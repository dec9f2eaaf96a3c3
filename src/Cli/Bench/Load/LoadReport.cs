using System.Text.Json.Serialization;
using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Bench.Load;

/// <summary>What a load showed. The property names are the JSON's.</summary>
internal sealed record LoadReport
{
    public required int Requests { get; init; }

    public required int Ok { get; init; }

    public required int Errors { get; init; }

    public required int Cancelled { get; init; }

    public required double OutputTokensPerS { get; init; }

    /// <summary>From the intended moment of sending to the first token, of all requests that got one.</summary>
    public required Distribution TtftMs { get; init; }

    /// <summary>All gaps of all streams.</summary>
    public required Distribution GapMs { get; init; }

    /// <summary>The gaps over 0: times between consecutive arrivals, whatever number of tokens each brought.</summary>
    public required Distribution ArrivalGapMs { get; init; }

    /// <summary>Share of the gaps that are 0 since the server put both tokens into one event.</summary>
    public required double SameEventRate { get; init; }

    /// <summary>Share of the gaps that are 0 since both events came in one read: the server wrote them at once, or this program read them late.</summary>
    public required double SameReadRate { get; init; }

    /// <summary>Share of the streams with at least two tokens that stalled at least once.</summary>
    public required double StallRate { get; init; }

    public required int Stalls { get; init; }

    /// <summary>Requests a second that met every target given.</summary>
    public required double GoodputPerS { get; init; }

    public required double RequestsPerS { get; init; }

    /// <summary>From the first request's intended moment to the last one's end.</summary>
    public required double DurationS { get; init; }

    public required long OutputTokens { get; init; }

    /// <summary>As the server counted; null if it said nothing.</summary>
    public required double? PromptTokensMean { get; init; }

    public required Distribution TotalMs { get; init; }

    /// <summary>How late this program was: if this is not small beside the latencies, the machine or the load is too much for it.</summary>
    public required Distribution SendLagMs { get; init; }

    /// <summary>Failures by what they were.</summary>
    public required IReadOnlyDictionary<string, int> Failures { get; init; }

    /// <summary>Of the process that was watched; null when none was.</summary>
    public MemoryReport? Memory { get; init; }

    /// <summary>Sorted, for the histogram.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> SortedTtftMs { get; init; } = [];

    /// <inheritdoc cref="SortedTtftMs"/>
    [JsonIgnore]
    public IReadOnlyList<double> SortedGapMs { get; init; } = [];

    public static LoadReport Of(IReadOnlyList<RequestSample> samples, TimeSpan duration, LatencyTargets targets)
    {
        var seconds = Math.Max(duration.TotalSeconds, 1e-9);
        var streams = samples.Where(sample => sample.GapsMs.Count > 0).Select(sample => Load.Stalls.In(sample.GapsMs)).ToList();
        var ttft = Sorted(samples.Select(sample => sample.TtftMs).OfType<double>());
        var gaps = Sorted(samples.SelectMany(sample => sample.GapsMs).Select(gap => (double)gap));
        var prompts = samples.Select(sample => sample.PromptTokens).OfType<int>().ToList();
        var tokens = samples.Sum(sample => (long)sample.OutputTokens);
        var withinReads = samples.Sum(sample => sample.GapsWithinReads);
        return new LoadReport
        {
            Requests = samples.Count,
            Ok = samples.Count(sample => sample.Outcome == ChatOutcome.Ok),
            Errors = samples.Count(sample => sample.Outcome == ChatOutcome.Failed),
            Cancelled = samples.Count(sample => sample.Outcome == ChatOutcome.Cancelled),
            OutputTokensPerS = Math.Round(tokens / seconds, 3),
            TtftMs = Distribution.Of(ttft),
            GapMs = Distribution.Of(gaps),
            ArrivalGapMs = Distribution.Of([.. gaps.Where(gap => gap > 0)]),
            SameEventRate = ShareOfGaps(gaps.Count(gap => gap == 0) - withinReads),
            SameReadRate = ShareOfGaps(withinReads),
            StallRate = streams.Count == 0 ? 0 : (double)streams.Count(stalls => stalls > 0) / streams.Count,
            Stalls = streams.Sum(),
            GoodputPerS = Math.Round(samples.Count(targets.AreMetBy) / seconds, 4),
            RequestsPerS = Math.Round(samples.Count / seconds, 4),
            DurationS = Math.Round(duration.TotalSeconds, 4),
            OutputTokens = tokens,
            PromptTokensMean = prompts.Count == 0 ? null : Math.Round(prompts.Average(), 2),
            TotalMs = Distribution.Of(Sorted(samples.Where(sample => sample.Outcome == ChatOutcome.Ok).Select(sample => sample.TotalMs))),
            SendLagMs = Distribution.Of(Sorted(samples.Select(sample => sample.SendLagMs))),
            Failures = samples.Select(sample => sample.Failure).OfType<string>().GroupBy(failure => failure).ToDictionary(group => group.Key, group => group.Count()),
            SortedTtftMs = ttft,
            SortedGapMs = gaps,
        };

        double ShareOfGaps(int count) => gaps.Length == 0 ? 0 : Math.Round(count / (double)gaps.Length, 4);
    }

    private static double[] Sorted(IEnumerable<double> values) => [.. values.Order()];
}
