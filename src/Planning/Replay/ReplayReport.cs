using Penstock.Planning.Fairness;

namespace Penstock.Planning.Replay;

/// <summary>What a replay gave. Times are seconds from the first arrival.</summary>
public sealed record ReplayReport
{
    /// <summary>Requests that were served; all of them to their end.</summary>
    public required int Requests { get; init; }

    /// <summary>Requests that would not fit the KV memory even alone.</summary>
    public required int Refused { get; init; }

    public required int Tenants { get; init; }

    public required long PromptTokens { get; init; }

    public required long OutputTokens { get; init; }

    /// <summary>Prompt tokens that were computed: all that were not cached.</summary>
    public required long PromptTokensComputed { get; init; }

    public required long Steps { get; init; }

    /// <summary>From the first arrival to the last token.</summary>
    public required double Seconds { get; init; }

    public required double OutputTokensPerS { get; init; }

    /// <summary>Prompt and output tokens.</summary>
    public required double TotalTokensPerS { get; init; }

    /// <summary>Null when the trace is not longer than the warm-up.</summary>
    public required DifferenceOverTime? ServiceDifference { get; init; }

    /// <summary>Null when the trace is not longer than the warm-up.</summary>
    public required AccumulatedDifference? AccumulatedDifference { get; init; }

    /// <summary>
    /// The largest difference in exact service between any two tenants that built up while both had requests waiting without a
    /// break: what VTC's theorem bounds. Null when there are too many tenants to look at all pairs.
    /// </summary>
    public required double? BackloggedDifferenceMax { get; init; }

    /// <summary>Null when nothing was served.</summary>
    public required FirstTokenTimes? TtftS { get; init; }

    public required IReadOnlyDictionary<string, FirstTokenTimes?> TtftSByTenant { get; init; }

    /// <summary>Share of the prompt tokens whose KV was there already.</summary>
    public required double PrefixHitRate { get; init; }

    /// <summary>The differences at each point in time.</summary>
    public required IReadOnlyList<DifferencePoint> Series { get; init; }

    internal static ReplayReport Of(ReplayRecord record, IReadOnlyList<string> tenants, long origin, long end, long lastArrival, double? backloggedMax)
    {
        var served = record.Served;
        var (prompt, output) = (served.Sum(request => (long)request.PromptTokens), served.Sum(request => (long)request.OutputTokens));
        var cached = served.Sum(request => (long)request.CachedTokens);
        var seconds = Seconds(end);
        var spans = served.ConvertAll(request => new ServiceSpan(
            request.Tenant, Seconds(request.Arrival), Seconds(request.FirstToken), Seconds(request.End), Fairness.ServiceDifference.Of(request.PromptTokens, request.OutputTokens)));
        var series = Fairness.ServiceDifference.Series(spans, tenants.Count, Seconds(lastArrival));
        return new ReplayReport
        {
            Requests = served.Count,
            Refused = record.Refused,
            Tenants = tenants.Count,
            PromptTokens = prompt,
            OutputTokens = output,
            PromptTokensComputed = record.PromptTokensComputed,
            Steps = record.Steps,
            Seconds = seconds,
            OutputTokensPerS = seconds > 0 ? output / seconds : 0,
            TotalTokensPerS = seconds > 0 ? (prompt + output) / seconds : 0,
            ServiceDifference = series.Count == 0 ? null : new DifferenceOverTime(series.Max(point => point.Service), series.Average(point => point.Service)),
            AccumulatedDifference = series.Count == 0 ? null : new AccumulatedDifference(series.Max(point => point.Accumulated), series[^1].Accumulated),
            BackloggedDifferenceMax = backloggedMax,
            TtftS = FirstTokenTimes.Of(served.Select(Ttft)),
            TtftSByTenant = tenants.Select((name, number) => (name, number)).ToDictionary(
                tenant => tenant.name,
                tenant => FirstTokenTimes.Of(served.Where(request => request.Tenant == tenant.number).Select(Ttft)),
                StringComparer.Ordinal),
            PrefixHitRate = prompt > 0 ? (double)cached / prompt : 0,
            Series = series,
        };

        double Seconds(long ticks) => (ticks - origin) / (double)TimeSpan.TicksPerSecond;

        static double Ttft(ServedRequest request) => (request.FirstToken - request.Arrival) / (double)TimeSpan.TicksPerSecond;
    }
}
