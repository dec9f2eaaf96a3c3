using System.Text.Json;
using Penstock.Contracts.Records;

namespace Penstock.Ledger.Storage;

/// <summary>How a record maps to the columns of <c>request</c>, for writing. <see cref="RecordReader"/> reads the same list in the same order.</summary>
internal static class RecordColumns
{
    /// <summary>A column, the value that a record has for it, and the version of the schema that it came with.</summary>
    public sealed record Column(string Name, Func<RequestRecord, ILabels, object?> Value, int Since = 1);

    /// <summary>What admission knows; the rest keeps its default until the end.</summary>
    public static IReadOnlyList<Column> Admission { get; } =
    [
        new("request_id", (r, _) => r.RequestId),
        new("state", (r, _) => (int)r.State),
        new("received_at", (r, _) => r.ReceivedAt.UtcTicks),
        new("tenant", (r, labels) => labels.IdOf(r.Tenant)),
        new("api_key_id", (r, labels) => labels.IdOf(r.ApiKeyId)),
        new("kind", (r, _) => (int)r.Kind),
        new("model", (r, labels) => labels.IdOf(r.Model)),
        new("target", (r, labels) => labels.IdOf(r.Target)),
        new("route_reason", (r, labels) => labels.IdOf(r.RouteReason)),
        new("fingerprint", (r, labels) => labels.IdOf(r.Fingerprint)),
        new("adapter", (r, labels) => labels.IdOf(r.Adapter), Since: 3),
        new("stream", (r, _) => r.Stream ? 1 : 0),
        new("choices", (r, _) => r.Choices),
        new("class", (r, _) => (int)r.Class, Since: 2),
        new("intent", (r, _) => (int)r.Intent),
        new("run_id", (r, _) => r.RunId),
        new("parent_id", (r, _) => r.ParentId),
        new("step", (r, _) => r.Step),
        new("task", (r, _) => r.Task),
        new("losses", (r, _) => r.Losses, Since: 10),
        new("prompt", (r, _) => r.Tokens.Prompt),
    ];

    /// <summary>Every column: admission's, then what the end adds.</summary>
    public static IReadOnlyList<Column> All { get; } =
    [
        .. Admission,
        new("finished_at", (r, _) => r.FinishedAt?.UtcTicks),
        new("outcome", (r, _) => r.Outcome),
        new("cached", (r, _) => r.Tokens.Cached),
        new("prefilled", (r, _) => r.Tokens.Prefilled),
        new("not_reached", (r, _) => r.Tokens.NotReached),
        new("sampled", (r, _) => r.Tokens.Sampled),
        new("delivered", (r, _) => r.Tokens.DeliveredVisible),
        new("hidden", (r, _) => r.Tokens.HiddenReasoning),
        new("discarded_cancelled", (r, _) => r.Tokens.DiscardedCancelled),
        new("discarded_disconnected", (r, _) => r.Tokens.DiscardedDisconnected),
        new("discarded_trimmed", (r, _) => r.Tokens.DiscardedTrimmed),
        new("drafted", (r, _) => r.Tokens.Drafted),
        new("accepted", (r, _) => r.Tokens.Accepted),
        new("rejected", (r, _) => r.Tokens.Rejected),
        new("receive_ticks", (r, _) => r.Phases.Receive.Ticks),
        new("authorize_ticks", (r, _) => r.Phases.Authorize.Ticks),
        new("route_ticks", (r, _) => r.Phases.Route.Ticks),
        new("admit_ticks", (r, _) => r.Phases.Admit.Ticks),
        new("schedule_ticks", (r, _) => r.Phases.Schedule.Ticks),
        new("prefill_ticks", (r, _) => r.Phases.Prefill.Ticks),
        new("decode_ticks", (r, _) => r.Phases.Decode.Ticks),
        new("deliver_ticks", (r, _) => r.Phases.Deliver.Ticks),
        new("finish_ticks", (r, _) => r.Phases.Finish.Ticks),
        new("wall_ticks", (r, _) => r.WallTime.Ticks),
        new("ttft_ticks", (r, _) => r.TimeToFirstToken?.Ticks),
        new("largest_gap_ticks", (r, _) => r.LargestGap?.Ticks),
        new("finish_reason", (r, _) => (int?)r.FinishReason),
        new("finish_cause", (r, _) => (int?)r.FinishCause),
        new("finish_phase", (r, _) => (int?)r.FinishPhase),
        new("error_code", (r, labels) => labels.IdOf(r.ErrorCode)),
        new("cost_picousd", (r, _) => r.CostUsd is { } usd ? (long)decimal.Round(usd * PicoUsd) : null),
        new("cost_estimated", (r, _) => r.CostEstimated ? 1 : 0, Since: 4),
        new("extra_tokens", (r, _) => r.ExtraTokens, Since: 8),
        new("preemptions", (r, _) => r.Preemptions, Since: 2),
        new("digest", (r, _) => r.Digest is { } digest ? Convert.FromHexString(digest) : null, Since: 2),
        new("gap_target_ticks", (r, _) => r.Gaps.Target == TimeSpan.Zero ? null : r.Gaps.Target.Ticks, Since: 2),
        new("gap_cause", (r, _) => (int?)r.Gaps.LargestCause, Since: 2),
        new("gap_class", (r, _) => (int?)r.Gaps.LargestCauseClass, Since: 2),
        .. Enum.GetValues<GapCause>().Select(cause => new Column(
            $"gaps_{JsonNamingPolicy.SnakeCaseLower.ConvertName($"{cause}")}", (r, _) => r.Gaps.Counts.Count == 0 ? 0 : r.Gaps.Counts[(int)cause], Since: 2)),
    ];

    /// <summary>Money is stored in whole units of 10^-12 dollars: exact for any price of a million tokens with six digits, and sums in SQL stay exact.</summary>
    public const decimal PicoUsd = 1_000_000_000_000m;
}
