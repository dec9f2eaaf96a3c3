using System.Threading.Channels;
using Penstock.Contracts.Records;
using Penstock.Ledger;

namespace Penstock.Providers.Tests.Hosting;

/// <summary>Keeps the records of requests that have ended, for which the laws must hold.</summary>
internal sealed class RecordingLedger : IRequestLedger
{
    private readonly Channel<RequestRecord> finished = Channel.CreateUnbounded<RequestRecord>();

    private int admitted;

    /// <summary>Requests that were admitted.</summary>
    public int Admitted => Volatile.Read(ref admitted);

    public async Task<RequestRecord> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var record = await finished.Reader.ReadAsync(limit.Token);
        Assert.Empty(LedgerLaws.Check(record));
        return record;
    }

    /// <summary>The next record, if one is there; its laws hold.</summary>
    public RequestRecord? TryNext()
    {
        if (!finished.Reader.TryRead(out var record))
        {
            return null;
        }

        Assert.Empty(LedgerLaws.Check(record));
        return record;
    }

    public ValueTask AdmitAsync(RequestRecord record, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref admitted);
        return ValueTask.CompletedTask;
    }

    public async ValueTask FinishAsync(RequestRecord record, CancellationToken cancellationToken) => await finished.Writer.WriteAsync(record, CancellationToken.None);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
