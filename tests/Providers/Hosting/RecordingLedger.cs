using System.Threading.Channels;
using Penstock.Contracts.Records;
using Penstock.Ledger;

namespace Penstock.Providers.Tests.Hosting;

/// <summary>Keeps the records of requests that have ended, for which the laws must hold.</summary>
internal sealed class RecordingLedger : IRequestLedger
{
    private readonly Channel<RequestRecord> finished = Channel.CreateUnbounded<RequestRecord>();

    public async Task<RequestRecord> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var record = await finished.Reader.ReadAsync(limit.Token);
        Assert.Empty(LedgerLaws.Check(record));
        return record;
    }

    public ValueTask AdmitAsync(RequestRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask FinishAsync(RequestRecord record, CancellationToken cancellationToken) => await finished.Writer.WriteAsync(record, CancellationToken.None);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
