using System.Collections.Concurrent;
using System.Threading.Channels;
using Penstock.Contracts.Records;
using Penstock.Ledger;

namespace Penstock.Gateway.Tests.Fakes;

/// <summary>Keeps records in memory; fails when told to.</summary>
internal sealed class MemoryLedger : IRequestLedger
{
    private readonly Channel<RequestRecord> finished = Channel.CreateUnbounded<RequestRecord>();

    public ConcurrentQueue<RequestRecord> Admitted { get; } = [];

    public bool FailsAtAdmission { get; set; }

    public bool FailsAtTheEnd { get; set; }

    /// <summary>Completed before an admission returns; lets a test stop there.</summary>
    public Func<Task> BeforeAdmission { get; set; } = () => Task.CompletedTask;

    /// <summary>Completed before an end is kept.</summary>
    public Func<Task> BeforeTheEnd { get; set; } = () => Task.CompletedTask;

    /// <summary>The next finished record, for which the laws must hold.</summary>
    public async Task<RequestRecord> NextFinishedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var record = await finished.Reader.ReadAsync(limit.Token);
        Assert.Empty(LedgerLaws.Check(record));
        return record;
    }

    public async ValueTask AdmitAsync(RequestRecord record, CancellationToken cancellationToken)
    {
        await BeforeAdmission();
        if (FailsAtAdmission)
        {
            throw new IOException("disk full");
        }

        Admitted.Enqueue(record);
    }

    public async ValueTask FinishAsync(RequestRecord record, CancellationToken cancellationToken)
    {
        await BeforeTheEnd();
        if (FailsAtTheEnd)
        {
            throw new IOException("disk full");
        }

        finished.Writer.TryWrite(record);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
