using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Ledger.Latency;

/// <summary>Adds up records into a <see cref="LatencySummary"/>.</summary>
internal sealed class LatencyTotals(string name)
{
    private readonly List<long> firstTokens = [];
    private readonly List<long> largestGaps = [];
    private readonly long[] causes = new long[Enum.GetValues<GapCause>().Length];
    private readonly long[] prefillClasses = new long[Enum.GetValues<ServiceClass>().Length];
    private long requests;
    private long preemptions;

    public void Add(RequestRecord record)
    {
        requests++;
        preemptions += record.Preemptions;
        if (record.TimeToFirstToken is { } first)
        {
            firstTokens.Add(first.Ticks);
        }

        if (record.LargestGap is { } gap)
        {
            largestGaps.Add(gap.Ticks);
        }

        for (var cause = 0; cause < record.Gaps.Counts.Count; cause++)
        {
            causes[cause] += record.Gaps.Counts[cause];
        }

        if (record.Gaps.LargestCauseClass is { } ofClass)
        {
            prefillClasses[(int)ofClass]++;
        }
    }

    public LatencySummary ToSummary() => new()
    {
        Name = name,
        Requests = requests,
        FirstToken = Waits.Of(firstTokens),
        LargestGap = Waits.Of(largestGaps),
        Preemptions = preemptions,
        Causes = Enum.GetValues<GapCause>().ToDictionary(cause => cause, cause => causes[(int)cause]),
        PrefillClasses = Enum.GetValues<ServiceClass>().ToDictionary(value => value, value => prefillClasses[(int)value]),
    };
}
