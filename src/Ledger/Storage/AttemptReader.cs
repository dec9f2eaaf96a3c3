using System.Data.Common;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;

namespace Penstock.Ledger.Storage;

/// <summary>Reads the columns of <see cref="AttemptColumns.All"/>.</summary>
internal static class AttemptReader
{
    /// <summary>The columns in a ledger of this version. Those that came later are null.</summary>
    public static string Columns(int version) => string.Join(", ", AttemptColumns.All.Select(column => column.Since <= version ? column.Name : $"NULL AS {column.Name}"));

    public static AttemptRecord Read(DbDataReader row, ILabels labels)
    {
        var at = 0;
        return new AttemptRecord
        {
            Number = row.GetInt32(at++),
            Target = labels.Read(row, at++),
            Model = labels.Read(row, at++),
            AnsweredModel = row.IsDBNull(at++) ? null : labels.Read(row, at - 1),
            Reason = labels.Read(row, at++),
            StartedAt = new DateTimeOffset(row.GetInt64(at++), TimeSpan.Zero),
            FirstEvent = Number(at++) is { } ticks ? new TimeSpan(ticks) : null,
            Duration = new TimeSpan(row.GetInt64(at++)),
            Outcome = (AttemptOutcome)row.GetInt32(at++),
            Fault = (FaultKind?)Number(at++),
            Status = (int?)Number(at++),
            Produced = row.GetInt32(at++),
            Delivered = row.GetInt32(at++),
            Billed = (int?)Number(at++),
            Prompt = (int?)Number(at++) ?? 0,
            CostUsd = Number(at++) is { } pico ? pico / RecordColumns.PicoUsd : null,
            CostEstimated = Number(at) is 1,
        };

        long? Number(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
    }
}
