using System.Text.Json;
using Penstock.Contracts.Records;

namespace Penstock.Cli.Ledger;

/// <summary>A record as scripts read it: every field, durations in milliseconds, enums as words.</summary>
internal static class RecordJson
{
    public static object Of(RequestRecord r) => new
    {
        r.RequestId,
        State = Word(r.State),
        r.ReceivedAt,
        r.FinishedAt,
        r.Tenant,
        r.ApiKeyId,
        Kind = Word(r.Kind),
        r.Model,
        r.Target,
        r.RouteReason,
        r.Adapter,
        r.Fingerprint,
        r.Stream,
        r.Choices,
        Class = Word(r.Class),
        Intent = Word(r.Intent),
        r.RunId,
        r.ParentId,
        r.Step,
        r.Task,
        Losses = r.Losses?.Split(',') ?? [],
        r.Outcome,
        r.Tokens,
        PhasesMs = new
        {
            Receive = r.Phases.Receive.TotalMilliseconds,
            Authorize = r.Phases.Authorize.TotalMilliseconds,
            Route = r.Phases.Route.TotalMilliseconds,
            Admit = r.Phases.Admit.TotalMilliseconds,
            Schedule = r.Phases.Schedule.TotalMilliseconds,
            Prefill = r.Phases.Prefill.TotalMilliseconds,
            Decode = r.Phases.Decode.TotalMilliseconds,
            Deliver = r.Phases.Deliver.TotalMilliseconds,
            Finish = r.Phases.Finish.TotalMilliseconds,
        },
        WallMs = r.WallTime.TotalMilliseconds,
        TtftMs = r.TimeToFirstToken?.TotalMilliseconds,
        LargestGapMs = r.LargestGap?.TotalMilliseconds,
        GapTargetMs = r.Gaps.Target == TimeSpan.Zero ? (double?)null : r.Gaps.Target.TotalMilliseconds,
        GapsOverTarget = r.Gaps.Counts.Select((count, cause) => (Cause: (GapCause)cause, count)).Where(entry => entry.count > 0)
            .ToDictionary(entry => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{entry.Cause}"), entry => entry.count),
        LargestGapCause = r.Gaps.LargestCause is { } cause ? JsonNamingPolicy.SnakeCaseLower.ConvertName($"{cause}") : null,
        LargestGapCauseClass = Word(r.Gaps.LargestCauseClass),
        r.Preemptions,
        r.Digest,
        FinishReason = Word(r.FinishReason),
        FinishCause = Word(r.FinishCause),
        FinishPhase = Word(r.FinishPhase),
        r.ErrorCode,
        r.CostUsd,
        r.CostEstimated,
    };

    private static string? Word<T>(T value) => value?.ToString()?.ToLowerInvariant();
}
