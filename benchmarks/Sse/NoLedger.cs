using Penstock.Contracts.Records;
using Penstock.Ledger;

namespace Penstock.Benchmarks.Sse;

/// <summary>Takes records and keeps none: the ledger is no part of a token's delivery.</summary>
internal sealed class NoLedger : IRequestLedger
{
    public ValueTask AdmitAsync(RequestRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask FinishAsync(RequestRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
