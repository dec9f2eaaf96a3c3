using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Ledger.Stores;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

/// <summary>What every <see cref="IRequestLedger"/> must do, and what its reader must see. A store proves it by deriving from this.</summary>
public abstract class RequestLedgerConformance
{
    /// <summary>Opens the store of this test, which is the same each time.</summary>
    protected abstract Task<IPenstockStore> OpenAsync();

    /// <summary>Reads what was stored.</summary>
    protected abstract LedgerReader Read();

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

        await using (var store = await OpenAsync())
        {
            await store.Ledger.AdmitAsync(Records.Admitted("req_1"), default);
            await store.Ledger.FinishAsync(record, default);
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
        await using var store = await OpenAsync();

        await store.Ledger.FinishAsync(Records.Finished("req_1") with { Gaps = gaps }, default);

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
        await using var store = await OpenAsync();

        await store.Ledger.FinishAsync(Records.Finished("req_1") with { Attempts = [first, second] }, default);
        await store.Ledger.FinishAsync(Records.Finished("req_2"), default);

        using var reader = Read();
        Assert.Equal([first, second], reader.Attempts("req_1"));
        Assert.Empty(reader.Attempts("req_2"));
    }

    [Fact]
    public async Task Admit_RecordWithOptionalFieldsAbsent_ReadsBackEqual()
    {
        var record = Records.Admitted("req_1") with { ApiKeyId = null, RouteReason = null, Fingerprint = null };
        await using var store = await OpenAsync();

        await store.Ledger.AdmitAsync(record, default);

        using var reader = Read();
        Assert.Equal(record, reader.Find("req_1"));
    }

    [Fact]
    public async Task Finish_NeverAdmitted_IsInsertedWhole()
    {
        await using var store = await OpenAsync();

        await store.Ledger.FinishAsync(Records.Finished("req_1"), default);

        using var reader = Read();
        Assert.Equal(Records.Finished("req_1"), reader.Find("req_1"));
    }

    [Fact]
    public async Task Finish_Twice_IsRefusedAndTheFirstStays()
    {
        await using var store = await OpenAsync();
        await store.Ledger.FinishAsync(Records.Finished("req_1"), default);

        var error = await Assert.ThrowsAsync<LedgerException>(async () => await store.Ledger.FinishAsync(Records.Finished("req_1") with { Model = "other" }, default));

        Assert.Equal(LedgerFault.Conflict, error.Fault);
        using var reader = Read();
        Assert.Equal("pebble", reader.Find("req_1")!.Model);
    }

    [Fact]
    public async Task Admit_SameIdTwice_FailsThatCallerOnly()
    {
        await using var store = await OpenAsync();
        await store.Ledger.AdmitAsync(Records.Admitted("req_1"), default);

        var writes = Enumerable.Range(0, 20).Select(i => store.Ledger.AdmitAsync(Records.Admitted($"req_{i}"), default).AsTask()).ToArray();
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal(LedgerFault.Conflict, Assert.IsType<LedgerException>(writes[1].Exception!.InnerException).Fault);
        Assert.All(writes.Where((_, i) => i != 1), write => Assert.True(write.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Write_ManyCallersAtOnce_AllAreThereInOrderOfAdmission()
    {
        await using var store = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 2000).Select(async i =>
        {
            await store.Ledger.AdmitAsync(Records.Admitted($"req_{i}"), default);
            await store.Ledger.FinishAsync(Records.Finished($"req_{i}", tenant: $"tenant-{i % 7}"), default);
        }));

        using var reader = Read();
        Assert.Equal(2000, reader.ReadAll().Count(record => record.State == RecordState.Finished));
        var tail = reader.Tail(3);
        Assert.Equal(reader.ReadAll().TakeLast(3).Select(record => record.RequestId), tail.Select(entry => entry.Record.RequestId));
        Assert.Equal(tail.Select(entry => entry.Sequence).Order(), tail.Select(entry => entry.Sequence));
        Assert.Equal(tail.Skip(1), reader.After(tail[0].Sequence));
        Assert.Equal(tail[1], reader.At(tail[1].Sequence));
    }

    [Fact]
    public async Task Write_CancelledBeforeItIsQueued_WritesNothing()
    {
        await using var store = await OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.Ledger.AdmitAsync(Records.Admitted("req_1"), new CancellationToken(canceled: true)));

        using var reader = Read();
        Assert.Empty(reader.ReadAll());
    }

    [Fact]
    public async Task Dispose_WithRowsQueued_WritesThemFirst()
    {
        var store = await OpenAsync();
        var writes = Enumerable.Range(0, 500).Select(i => store.Ledger.AdmitAsync(Records.Admitted($"req_{i}"), default).AsTask()).ToArray();

        await store.DisposeAsync();

        await Task.WhenAll(writes);
        using var reader = Read();
        Assert.Equal(500, reader.ReadAll().Count());
    }

    [Fact]
    public async Task Write_AfterDispose_SaysSo()
    {
        var store = await OpenAsync();
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.Ledger.AdmitAsync(Records.Admitted("req_1"), default));
    }

    [Fact]
    public async Task Open_AfterAProcessThatLeftRequestsRunning_MarksThemInterrupted()
    {
        await using (var store = await OpenAsync())
        {
            await store.Ledger.AdmitAsync(Records.Admitted("req_1"), default);
            await store.Ledger.FinishAsync(Records.Finished("req_2"), default);
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
        await using var store = await OpenAsync();
        await store.Ledger.AdmitAsync(Records.Admitted("req_1"), default);

        using var reader = Read();

        Assert.Equal(RecordState.Admitted, reader.Find("req_1")!.State);
    }

    [Fact]
    public async Task Read_AfterTheServerDied_ShowsRunningRequestsAsInterrupted()
    {
        await using (var store = await OpenAsync())
        {
            await store.Ledger.AdmitAsync(Records.Admitted("req_1"), default);
        }

        using var reader = Read();

        Assert.Equal(RecordState.Interrupted, reader.Find("req_1")!.State);
    }

    [Fact]
    public async Task FindRun_AddsUpTheTenantsCallsThatWereTaken()
    {
        await using (var first = await OpenAsync())
        {
            await first.Ledger.AdmitAsync(Records.Admitted("req_0", "acme") with { RunId = "run", ReceivedAt = Records.Start.AddHours(-1) }, default);
        }

        await using var store = await OpenAsync();
        await store.Ledger.FinishAsync(Records.Finished("req_1", "acme") with { RunId = "run" }, default);
        await store.Ledger.AdmitAsync(Records.Admitted("req_2", "acme") with { RunId = "run" }, default);
        await store.Ledger.FinishAsync(Records.Finished("req_3", "acme") with { RunId = "run", FinishReason = FinishReason.Refused }, default);
        await store.Ledger.FinishAsync(Records.Finished("req_4", "other") with { RunId = "run" }, default);
        await store.Ledger.FinishAsync(Records.Finished("req_5", "acme") with { RunId = "another" }, default);

        // 30 of the prompt of the interrupted one, 30 + 12 of the finished one; what runs has its worst case elsewhere.
        Assert.Equal(new RunTotals(Records.Start.AddHours(-1), 3, 72), await store.Runs.FindRunAsync("acme", "run"));
        Assert.Null(await store.Runs.FindRunAsync("acme", "unheard of"));
        Assert.Null(await store.Runs.FindRunAsync("nobody", "run"));
    }

    [Fact]
    public async Task Write_TextThatNoDatabaseTakes_HarmsNobody()
    {
        await using var store = await OpenAsync();
        var odd = Records.Finished("req_1") with { RunId = "zero \0 and half \ud800", Task = "whole \U0001F600" };

        await Task.WhenAll(store.Ledger.FinishAsync(odd, default).AsTask(), store.Ledger.FinishAsync(Records.Finished("req_2"), default).AsTask());

        using var reader = Read();
        Assert.Equal("whole \U0001F600", reader.Find("req_1")!.Task);
        Assert.NotNull(reader.Find("req_2"));
        Assert.NotNull(await store.Runs.FindRunAsync("local", odd.RunId!));
    }

    [Fact]
    public async Task Audit_EveryState_IsCountedAndLawful()
    {
        await using (var dead = await OpenAsync())
        {
            await dead.Ledger.AdmitAsync(Records.Admitted("req_dead"), default);
        }

        await using var living = await OpenAsync();
        await living.Ledger.FinishAsync(Records.Finished("req_1"), default);
        await living.Ledger.FinishAsync(Records.Finished("req_2", "acme") with { CostUsd = 0.5m }, default);
        await living.Ledger.AdmitAsync(Records.Admitted("req_3"), default);

        using var reader = Read();
        var report = LedgerAudit.Run(reader, TestContext.Current.CancellationToken);

        Assert.Empty(report.Violations);
        Assert.Equal((4, 2, 1, 1), (report.Records, report.Finished, report.Interrupted, report.Running));
        Assert.Equal(["local", "acme"], LedgerSummary.Read(reader).ByTenant.Select(tenant => tenant.Name));
    }
}
