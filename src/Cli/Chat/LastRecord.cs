using Penstock.Contracts.Records;
using Penstock.Ledger;

namespace Penstock.Cli.Chat;

/// <summary>A ledger that remembers the last record only: a chat says what it cost and leaves no trace.</summary>
internal sealed class LastRecord : IRequestLedger
{
    public RequestRecord? Value { get; private set; }

    public ValueTask AdmitAsync(RequestRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask FinishAsync(RequestRecord record, CancellationToken cancellationToken)
    {
        Value = record;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
