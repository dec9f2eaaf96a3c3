using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

public sealed class SqliteLedgerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Finish_RecordWithEveryField_ReadsBackEqual()
    {
        var record = Records.Finished("req_1") with
        {
            Kind = RequestKind.Embedding,
            Choices = 3,
            Class = ServiceClass.Batch,
            Preemptions = 2,
            Digest = "00112233445566778899aabbccddeeff",
            Gaps = new GapRecord { Target = TimeSpan.FromMilliseconds(80) },
            Intent = RequestIntent.Shadow,
            RunId = "run",
            ParentId = "parent",
            Step = "7",
            Losses = "system[0].cache_control,seed",
            Task = "summarize",
            Outcome = "accepted",
            ErrorCode = "runner_failed",
            FinishReason = FinishReason.Error,
            FinishCause = FinishCause.Server,
            FinishPhase = RequestPhase.Prefill,
            CostUsd = 0.000000037512m,
        };

        await using (var ledger = await OpenAsync())
        {
            await ledger.AdmitAsync(Records.Admitted("req_1"), default);
            await ledger.FinishAsync(record, default);
        }

        using var reader = Read();
        Assert.Equal(record, Assert.Single(reader.ReadAll()));
    }

    [Fact]
    public async Task Finish_GapsOverTheTarget_ReadBack()
    {
        var gaps = new GapRecord
        {
            Target = TimeSpan.FromMilliseconds(100),
            Counts = [1, 2, 3, 4, 5, 6, 7],
            LargestCause = GapCause.Prefill,
            LargestCauseClass = ServiceClass.Interactive,
        };
        await using var ledger = await OpenAsync();

        await ledger.FinishAsync(Records.Finished("req_1") with { Gaps = gaps }, default);

        using var reader = Read();
        var read = reader.Find("req_1")!.Gaps;
        Assert.Equal(gaps.Counts, read.Counts);
        Assert.Equal(gaps, read with { Counts = gaps.Counts });
    }

    [Fact]
    public async Task Finish_WithAttempts_ReadBackInTheirOrder()
    {
        var first = new AttemptRecord
        {
            Number = 1,
            Target = "primary",
            Model = "m",
            Reason = "first",
            StartedAt = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromMilliseconds(3),
            Outcome = AttemptOutcome.Failed,
            Fault = FaultKind.Overloaded,
            Status = 503,
        };
        var second = first with
        {
            Number = 2,
            AnsweredModel = "m-2",
            Reason = "retry: status 503",
            FirstEvent = TimeSpan.FromMilliseconds(2),
            Outcome = AttemptOutcome.Answered,
            Fault = null,
            Status = 200,
            Produced = 7,
            Delivered = 6,
            Billed = 8,
        };
        await using var ledger = await OpenAsync();

        await ledger.FinishAsync(Records.Finished("req_1") with { Attempts = [first, second] }, default);
        await ledger.FinishAsync(Records.Finished("req_2"), default);

        using var reader = Read();
        Assert.Equal([first, second], reader.Attempts("req_1"));
        Assert.Empty(reader.Attempts("req_2"));
    }

    [Fact]
    public async Task Admit_RecordWithOptionalFieldsAbsent_ReadsBackEqual()
    {
        var record = Records.Admitted("req_1") with { ApiKeyId = null, RouteReason = null, Fingerprint = null };
        await using var ledger = await OpenAsync();

        await ledger.AdmitAsync(record, default);

        using var reader = Read();
        Assert.Equal(record, reader.Find("req_1"));
    }

    [Fact]
    public async Task Finish_NeverAdmitted_IsInsertedWhole()
    {
        await using var ledger = await OpenAsync();

        await ledger.FinishAsync(Records.Finished("req_1"), default);

        using var reader = Read();
        Assert.Equal(Records.Finished("req_1"), reader.Find("req_1"));
    }

    [Fact]
    public async Task Finish_Twice_IsRefusedAndTheFirstStays()
    {
        await using var ledger = await OpenAsync();
        await ledger.FinishAsync(Records.Finished("req_1"), default);

        var error = await Assert.ThrowsAsync<LedgerException>(async () => await ledger.FinishAsync(Records.Finished("req_1") with { Model = "other" }, default));

        Assert.Equal(LedgerFault.Conflict, error.Fault);
        using var reader = Read();
        Assert.Equal("pebble", reader.Find("req_1")!.Model);
    }

    [Fact]
    public async Task Admit_SameIdTwice_FailsThatCallerOnly()
    {
        await using var ledger = await OpenAsync();
        await ledger.AdmitAsync(Records.Admitted("req_1"), default);

        var writes = Enumerable.Range(0, 20).Select(i => ledger.AdmitAsync(Records.Admitted($"req_{i}"), default).AsTask()).ToArray();
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal(LedgerFault.Conflict, Assert.IsType<LedgerException>(writes[1].Exception!.InnerException).Fault);
        Assert.All(writes.Where((_, i) => i != 1), write => Assert.True(write.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Write_ManyCallersAtOnce_AllAreThereInOrderOfAdmission()
    {
        await using var ledger = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 2000).Select(async i =>
        {
            await ledger.AdmitAsync(Records.Admitted($"req_{i}"), default);
            await ledger.FinishAsync(Records.Finished($"req_{i}", tenant: $"tenant-{i % 7}"), default);
        }));

        using var reader = Read();
        Assert.Equal(2000, reader.ReadAll().Count(record => record.State == RecordState.Finished));
        Assert.Equal([1998, 1999, 2000], reader.Tail(3).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Write_CancelledBeforeItIsQueued_WritesNothing()
    {
        await using var ledger = await OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ledger.AdmitAsync(Records.Admitted("req_1"), new CancellationToken(canceled: true)));

        using var reader = Read();
        Assert.Empty(reader.ReadAll());
    }

    [Fact]
    public async Task Dispose_WithRowsQueued_WritesThemFirst()
    {
        var ledger = await OpenAsync();
        var writes = Enumerable.Range(0, 500).Select(i => ledger.AdmitAsync(Records.Admitted($"req_{i}"), default).AsTask()).ToArray();

        await ledger.DisposeAsync();

        await Task.WhenAll(writes);
        using var reader = Read();
        Assert.Equal(500, reader.ReadAll().Count());
    }

    [Fact]
    public async Task Write_AfterDispose_SaysSo()
    {
        var ledger = await OpenAsync();
        await ledger.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ledger.AdmitAsync(Records.Admitted("req_1"), default));
    }

    [Fact]
    public async Task Open_AfterAProcessThatLeftRequestsRunning_MarksThemInterrupted()
    {
        await using (var ledger = await OpenAsync())
        {
            await ledger.AdmitAsync(Records.Admitted("req_1"), default);
            await ledger.FinishAsync(Records.Finished("req_2"), default);
        }

        await using var next = await OpenAsync();

        Assert.Equal(1, next.Interrupted);
        using var reader = Read();
        Assert.Equal(Records.Admitted("req_1") with { State = RecordState.Interrupted }, reader.Find("req_1"));
        Assert.Equal(RecordState.Finished, reader.Find("req_2")!.State);
    }

    [Fact]
    public async Task Read_WhileTheServerLives_ShowsRunningRequestsAsAdmitted()
    {
        await using var ledger = await OpenAsync();
        await ledger.AdmitAsync(Records.Admitted("req_1"), default);

        using var reader = Read();

        Assert.Equal(RecordState.Admitted, reader.Find("req_1")!.State);
    }

    [Fact]
    public async Task Read_AfterTheServerDied_ShowsRunningRequestsAsInterrupted()
    {
        await using (var ledger = await OpenAsync())
        {
            await ledger.AdmitAsync(Records.Admitted("req_1"), default);
        }

        using var reader = Read();

        Assert.Equal(RecordState.Interrupted, reader.Find("req_1")!.State);
    }

    private Task<SqliteLedger> OpenAsync() => SqliteLedger.OpenAsync(folder.Options, TimeProvider.System);

    private LedgerReader Read() => LedgerReader.Open(folder.Options.File);
}
