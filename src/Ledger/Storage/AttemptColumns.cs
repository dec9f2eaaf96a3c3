using Penstock.Contracts.Records;

namespace Penstock.Ledger.Storage;

/// <summary>How an attempt maps to the columns of <c>attempt</c>. <see cref="AttemptReader"/> reads the same list in the same order.</summary>
internal static class AttemptColumns
{
    /// <summary>A column, the value that an attempt has for it, and the version of the schema that it came with.</summary>
    public sealed record Column(string Name, Func<AttemptRecord, ILabels, object?> Value, int Since = 5);

    /// <summary>All but the request's id, which is the first.</summary>
    public static IReadOnlyList<Column> All { get; } =
    [
        new("number", (a, _) => a.Number),
        new("target", (a, labels) => labels.IdOf(a.Target)),
        new("model", (a, labels) => labels.IdOf(a.Model)),
        new("answered_model", (a, labels) => labels.IdOf(a.AnsweredModel)),
        new("reason", (a, labels) => labels.IdOf(a.Reason)),
        new("started_at", (a, _) => a.StartedAt.UtcTicks),
        new("first_event_ticks", (a, _) => a.FirstEvent?.Ticks),
        new("duration_ticks", (a, _) => a.Duration.Ticks),
        new("outcome", (a, _) => (int)a.Outcome),
        new("fault", (a, _) => (int?)a.Fault),
        new("status", (a, _) => a.Status),
        new("produced", (a, _) => a.Produced),
        new("delivered", (a, _) => a.Delivered),
        new("billed", (a, _) => a.Billed),
        new("prompt", (a, _) => a.Prompt, Since: 8),
        new("cost_picousd", (a, _) => a.CostUsd is { } usd ? (long)decimal.Round(usd * RecordColumns.PicoUsd) : null, Since: 8),
        new("cost_estimated", (a, _) => a.CostEstimated ? 1 : 0, Since: 8),
    ];
}
