using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;

namespace Penstock.Ledger.Storage;

/// <summary>Adds up the records of a run, on the writer's thread: it sees what was queued before it, and nobody waits for it.</summary>
internal sealed class PendingRunLookup(SqliteConnection connection, string tenant, string runId) : PendingWrite
{
    public RunTotals? Found { get; private set; }

    public override LedgerException? Apply()
    {
        using var command = connection.Prepare(
            """
            SELECT min(received_at), count(*), sum(CASE state WHEN 1 THEN cached + prefilled + sampled WHEN 2 THEN prompt ELSE 0 END)
            FROM request WHERE run_id = $run AND tenant = (SELECT id FROM label WHERE text = $tenant) AND finish_reason IS NOT $refused
            """,
            "run", "tenant", "refused");
        command.Parameters[0].Value = runId;
        command.Parameters[1].Value = tenant;
        command.Parameters[2].Value = (int)FinishReason.Refused;
        using var rows = command.ExecuteReader();
        rows.Read();
        Found = rows.IsDBNull(0) ? null : new RunTotals(new DateTimeOffset(rows.GetInt64(0), TimeSpan.Zero), rows.GetInt32(1), rows.GetInt64(2));
        return null;
    }
}
