using Penstock.Contracts.Records;

namespace Penstock.Ledger.Totals;

/// <summary>Adds up records into a <see cref="UsageSummary"/>.</summary>
internal sealed class UsageTotals(string name)
{
    private readonly long[] states = new long[Enum.GetValues<RecordState>().Length];
    private readonly long[] ends = new long[Enum.GetValues<FinishReason>().Length];
    private readonly List<long> firstTokenTicks = [];
    private long prompt;
    private long cached;
    private long prefilled;
    private long notReached;
    private long sampled;
    private long delivered;
    private long hidden;
    private long cancelled;
    private long disconnected;
    private long trimmed;

    public void Add(RequestRecord record)
    {
        states[(int)record.State]++;
        if (record.FinishReason is { } reason)
        {
            ends[(int)reason]++;
        }

        if (record.TimeToFirstToken is { } ttft)
        {
            firstTokenTicks.Add(ttft.Ticks);
        }

        var tokens = record.Tokens;
        prompt += tokens.Prompt;
        cached += tokens.Cached;
        prefilled += tokens.Prefilled;
        notReached += tokens.NotReached;
        sampled += tokens.Sampled;
        delivered += tokens.DeliveredVisible;
        hidden += tokens.HiddenReasoning;
        cancelled += tokens.DiscardedCancelled;
        disconnected += tokens.DiscardedDisconnected;
        trimmed += tokens.DiscardedTrimmed;
    }

    public UsageSummary ToSummary()
    {
        firstTokenTicks.Sort();
        return new UsageSummary
        {
            Name = name,
            Requests = states.Sum(),
            Finished = states[(int)RecordState.Finished],
            Interrupted = states[(int)RecordState.Interrupted],
            Running = states[(int)RecordState.Admitted],
            Ends = Enum.GetValues<FinishReason>().ToDictionary(reason => $"{reason}".ToLowerInvariant(), reason => ends[(int)reason]),
            Prompt = prompt,
            Cached = cached,
            Prefilled = prefilled,
            NotReached = notReached,
            Sampled = sampled,
            Delivered = delivered,
            Hidden = hidden,
            DiscardedCancelled = cancelled,
            DiscardedDisconnected = disconnected,
            DiscardedTrimmed = trimmed,
            TimeToFirstTokenP50 = FirstToken(0.5),
            TimeToFirstTokenP99 = FirstToken(0.99),
        };
    }

    private TimeSpan? FirstToken(double share) => Percentile.Of(firstTokenTicks, share) is { } ticks ? TimeSpan.FromTicks(ticks) : null;
}
