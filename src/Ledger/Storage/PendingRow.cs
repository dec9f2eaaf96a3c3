using Penstock.Contracts.Records;

namespace Penstock.Ledger.Storage;

/// <summary>A record's row. Its end is tried again: an outage must not turn finished requests into running ones.</summary>
internal sealed class PendingRow(RequestRecord record, RecordWriter writer) : PendingWrite
{
    public override LedgerException? Apply() => writer.Write(record);

    public override PendingWrite? Again() => record.State == RecordState.Finished ? new PendingRow(record, writer) : null;
}
