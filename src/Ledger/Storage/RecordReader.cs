using System.Data.Common;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Ledger.Storage;

/// <summary>Reads a row of <c>request</c> whose columns are those of <see cref="RecordColumns.All"/>, in that order.</summary>
internal static class RecordReader
{
    /// <summary>The columns in a ledger of this version. Those that came later are null, which reads as their default.</summary>
    public static string Columns(int version) => string.Join(", ", RecordColumns.All.Select(column => column.Since <= version ? column.Name : $"NULL AS {column.Name}"));

    /// <param name="row">A row of <c>SELECT <see cref="Columns"/>, ...</c>.</param>
    /// <param name="labels">The texts of the same database.</param>
    public static RequestRecord Read(DbDataReader row, ILabels labels)
    {
        var next = new Cursor(row, labels);

        // The initializers below run in the order in which they are written, which is the order of the columns.
        return new RequestRecord
        {
            RequestId = next.Text() ?? "",
            State = (RecordState)next.Int(),
            ReceivedAt = next.Time() ?? default,
            Tenant = next.Label() ?? "",
            ApiKeyId = next.Label(),
            Kind = (RequestKind)next.Int(),
            Model = next.Label() ?? "",
            Target = next.Label() ?? "",
            RouteReason = next.Label(),
            Fingerprint = next.Label(),
            Adapter = next.Label(),
            Stream = next.Int() != 0,
            Choices = next.Int(),
            Class = (ServiceClass?)next.MaybeInt() ?? ServiceClass.Standard,
            Intent = (RequestIntent)next.Int(),
            RunId = next.Text(),
            ParentId = next.Text(),
            Step = next.Text(),
            Task = next.Text(),
            Losses = next.Text(),
            Tokens = new TokenCounts { Prompt = next.Int() },
            FinishedAt = next.Time(),
            Outcome = next.Text(),
        } with
        {
            Tokens = Counts(ref next, row),
            Phases = Phases(ref next),
            WallTime = next.Duration() ?? default,
            TimeToFirstToken = next.Duration(),
            LargestGap = next.Duration(),
            FinishReason = (FinishReason?)next.MaybeInt(),
            FinishCause = (FinishCause?)next.MaybeInt(),
            FinishPhase = (RequestPhase?)next.MaybeInt(),
            ErrorCode = next.Label(),
            CostUsd = next.Long() is { } pico ? pico / RecordColumns.PicoUsd : null,
            CostEstimated = next.Int() != 0,
            ExtraTokens = next.Int(),
            Preemptions = next.Int(),
            Digest = next.Hex(),
            Gaps = Gaps(ref next),
        };
    }

    private static readonly int PromptColumn = RecordColumns.Admission.Count - 1;

    private static TokenCounts Counts(ref Cursor next, DbDataReader row) => new()
    {
        Prompt = row.GetInt32(PromptColumn),
        Cached = next.Int(),
        Prefilled = next.Int(),
        NotReached = next.Int(),
        Sampled = next.Int(),
        DeliveredVisible = next.Int(),
        HiddenReasoning = next.Int(),
        DiscardedCancelled = next.Int(),
        DiscardedDisconnected = next.Int(),
        DiscardedTrimmed = next.Int(),
        Drafted = next.Int(),
        Accepted = next.Int(),
        Rejected = next.Int(),
    };

    private static GapRecord Gaps(ref Cursor next)
    {
        var gaps = GapRecord.None with
        {
            Target = next.Duration() ?? TimeSpan.Zero,
            LargestCause = (GapCause?)next.MaybeInt(),
            LargestCauseClass = (ServiceClass?)next.MaybeInt(),
        };
        return gaps.LargestCause is null ? gaps : gaps with { Counts = [next.Int(), next.Int(), next.Int(), next.Int(), next.Int(), next.Int(), next.Int()] };
    }

    private static PhaseDurations Phases(ref Cursor next) => new()
    {
        Receive = next.Duration() ?? default,
        Authorize = next.Duration() ?? default,
        Route = next.Duration() ?? default,
        Admit = next.Duration() ?? default,
        Schedule = next.Duration() ?? default,
        Prefill = next.Duration() ?? default,
        Decode = next.Duration() ?? default,
        Deliver = next.Duration() ?? default,
        Finish = next.Duration() ?? default,
    };

    private struct Cursor(DbDataReader row, ILabels labels)
    {
        private int column = -1;

        public long? Long() => row.IsDBNull(++column) ? null : row.GetInt64(column);

        public int Int() => checked((int)(Long() ?? 0));

        public int? MaybeInt() => checked((int?)Long());

        public string? Text() => row.IsDBNull(++column) ? null : row.GetString(column);

        public string? Hex() => row.IsDBNull(++column) ? null : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(column));

        public string? Label() => row.IsDBNull(++column) ? null : labels.Read(row, column);

        public DateTimeOffset? Time() => Long() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

        public TimeSpan? Duration() => Long() is { } ticks ? TimeSpan.FromTicks(ticks) : null;
    }
}
