using Penstock.Contracts.Records;
using Penstock.Ledger.Totals;

namespace Penstock.Ledger;

/// <summary>The laws of conservation that every record keeps. Pure and thread-safe.</summary>
public static class LedgerLaws
{
    /// <summary>
    /// How far the phases' sum may be from the wall time. Both come from the same monotonic clock with a resolution far below
    /// 1 µs; the 10 stored durations round to 100 ns each. What remains is that the wall time is read separately: one millisecond
    /// covers two clock readings with a short preemption between them, and is the finest unit that reports show.
    /// </summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(1) + TimeSpan.FromTicks(10);

    private sealed record Law(string Name, Func<RequestRecord, string?> Broken);

    private static readonly Law[] Always =
    [
        new("counts_not_negative", r => Negative(r) is { } field ? $"{field} is negative" : null),
        new("durations_not_negative", r => NegativeDuration(r) is { } field ? $"{field} is negative" : null),
        new("at_least_one_choice", r => r.Choices >= 1 ? null : $"choices is {r.Choices}"),
        new("is_identified", r => r.RequestId.Length > 0 && r.Tenant.Length > 0 && r.Model.Length > 0 ? null : "request id, tenant or model is empty"),
    ];

    private static readonly Law[] OfFinished =
    [
        new("prompt_adds_up", r => Sum(r.Tokens.Prompt, "prompt", ("cached", r.Tokens.Cached), ("prefilled", r.Tokens.Prefilled), ("not reached", r.Tokens.NotReached))),
        new("sampled_adds_up", r => Sum(
            r.Tokens.Sampled,
            "sampled",
            ("delivered", r.Tokens.DeliveredVisible),
            ("hidden", r.Tokens.HiddenReasoning),
            ("cancelled", r.Tokens.DiscardedCancelled),
            ("disconnected", r.Tokens.DiscardedDisconnected),
            ("trimmed", r.Tokens.DiscardedTrimmed))),
        new("drafted_adds_up", r => Sum(r.Tokens.Drafted, "drafted", ("accepted", r.Tokens.Accepted), ("rejected", r.Tokens.Rejected))),
        new("phases_sum_to_wall_time", r => (r.Phases.Total - r.WallTime).Duration() <= ClockTolerance
            ? null
            : $"phases sum to {r.Phases.Total.TotalMilliseconds} ms, wall time is {r.WallTime.TotalMilliseconds} ms"),
        new("end_is_explained", r => r is { FinishedAt: not null, FinishReason: not null, FinishCause: not null, FinishPhase: not null }
            ? null
            : "finished without time, reason, cause or phase"),
        new("failure_has_code", r => r.FinishReason is FinishReason.Error or FinishReason.Refused && r.ErrorCode is null ? $"{r.FinishReason} without an error code" : null),
        new("refused_did_nothing", r => r.FinishReason == FinishReason.Refused && (r.Tokens.Sampled | r.Tokens.Prefilled | r.Tokens.Drafted) != 0
            ? $"refused, yet prefilled {r.Tokens.Prefilled}, sampled {r.Tokens.Sampled}, drafted {r.Tokens.Drafted}"
            : null),
        new("first_token_within_wall_time", r => r.TimeToFirstToken > r.WallTime + ClockTolerance ? $"first token after {r.TimeToFirstToken}, wall time {r.WallTime}" : null),
        new("first_token_was_delivered", r => r.TimeToFirstToken is not null && r.Tokens.DeliveredVisible == 0 ? "a time to first token, yet no token was delivered" : null),
        new("gap_needs_two_tokens", r => r.LargestGap is not null && r.Tokens.Sampled < 2 ? $"a gap between {r.Tokens.Sampled} tokens" : null),
        new("attempts_add_up", r => r.Attempts.Count > 0 && r.Attempts.Sum(attempt => (long)attempt.Prompt + attempt.Produced) is var sum && sum != Spent(r)
            ? $"spent {Spent(r)} tokens, its attempts {sum}"
            : null),
        new("attempts_cost_adds_up", r => r.Attempts.Count > 0 && r.CostUsd != AttemptTotals.Cost(r.Attempts) ? $"cost {r.CostUsd}, its attempts {AttemptTotals.Cost(r.Attempts)}" : null),
        new("missing_price_is_null", r => r.CostUsd == 0 && (r.Tokens.Prefilled | r.Tokens.Sampled) != 0 ? "a cost of 0 for tokens that were computed" : null),
    ];

    private static readonly Law[] OfUnfinished =
    [
        new("unfinished_claims_nothing", r => r.Tokens == new TokenCounts { Prompt = r.Tokens.Prompt }
            && r.Phases == default && r.WallTime == default && r.TimeToFirstToken is null && r.LargestGap is null
            && r.FinishedAt is null && r.FinishReason is null && r.FinishCause is null && r.FinishPhase is null && r.ErrorCode is null && r.CostUsd is null
            ? null
            : $"{r.State}, yet it says how it ended"),
    ];

    /// <summary>The names of all laws over one record.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Always.Concat(OfFinished).Concat(OfUnfinished).Select(law => law.Name)];

    /// <summary>The laws that this record breaks; empty for a lawful one.</summary>
    public static IReadOnlyList<LawViolation> Check(RequestRecord record)
    {
        List<LawViolation>? violations = null;
        Apply(Always);
        Apply(record.State == RecordState.Finished ? OfFinished : OfUnfinished);
        return violations ?? (IReadOnlyList<LawViolation>)[];

        void Apply(Law[] laws)
        {
            foreach (var law in laws)
            {
                if (law.Broken(record) is { } detail)
                {
                    (violations ??= []).Add(new LawViolation(law.Name, record.RequestId, detail));
                }
            }
        }
    }

    private static long Spent(RequestRecord r) => (long)r.Tokens.Cached + r.Tokens.Prefilled + r.Tokens.Sampled + r.ExtraTokens;

    private static string? Sum(int whole, string name, params ReadOnlySpan<(string Name, int Count)> parts)
    {
        long sum = 0;
        foreach (var part in parts)
        {
            sum += part.Count;
        }

        if (sum == whole)
        {
            return null;
        }

        var terms = new List<string>();
        foreach (var part in parts)
        {
            terms.Add($"{part.Name} {part.Count}");
        }

        return $"{name} {whole} is not {string.Join(" + ", terms)} = {sum}";
    }

    private static string? Negative(RequestRecord r)
    {
        var t = r.Tokens;
        return t.Prompt < 0 ? "prompt"
            : t.Cached < 0 ? "cached"
            : t.Prefilled < 0 ? "prefilled"
            : t.NotReached < 0 ? "not reached"
            : t.Sampled < 0 ? "sampled"
            : t.DeliveredVisible < 0 ? "delivered"
            : t.HiddenReasoning < 0 ? "hidden"
            : t.DiscardedCancelled < 0 ? "cancelled"
            : t.DiscardedDisconnected < 0 ? "disconnected"
            : t.DiscardedTrimmed < 0 ? "trimmed"
            : t.Drafted < 0 ? "drafted"
            : t.Accepted < 0 ? "accepted"
            : t.Rejected < 0 ? "rejected"
            : r.ExtraTokens < 0 ? "extra tokens"
            : r.CostUsd < 0 ? "cost"
            : null;
    }

    private static string? NegativeDuration(RequestRecord r)
    {
        var p = r.Phases;
        return p.Receive < TimeSpan.Zero ? "receive"
            : p.Authorize < TimeSpan.Zero ? "authorize"
            : p.Route < TimeSpan.Zero ? "route"
            : p.Admit < TimeSpan.Zero ? "admit"
            : p.Schedule < TimeSpan.Zero ? "schedule"
            : p.Prefill < TimeSpan.Zero ? "prefill"
            : p.Decode < TimeSpan.Zero ? "decode"
            : p.Deliver < TimeSpan.Zero ? "deliver"
            : p.Finish < TimeSpan.Zero ? "finish"
            : r.WallTime < TimeSpan.Zero ? "wall time"
            : r.TimeToFirstToken < TimeSpan.Zero ? "time to first token"
            : r.LargestGap < TimeSpan.Zero ? "largest gap"
            : null;
    }
}
