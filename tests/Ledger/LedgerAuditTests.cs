using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

public sealed class LedgerAuditTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_LawfulLedger_CountsEachState()
    {
        await using (var ledger = await OpenAsync())
        {
            await ledger.AdmitAsync(Records.Admitted("req_dead"), default);
        }

        await using var living = await OpenAsync();
        await living.FinishAsync(Records.Finished("req_1"), default);
        await living.FinishAsync(Records.Finished("req_2", "acme") with { CostUsd = 0.5m }, default);
        await living.AdmitAsync(Records.Admitted("req_3"), default);

        var report = Audit();

        Assert.Empty(report.Violations);
        Assert.Equal((4, 2, 1, 1), (report.Records, report.Finished, report.Interrupted, report.Running));
    }

    [Fact]
    public async Task Run_RowChangedByHand_NamesLawAndRequest()
    {
        await using (var ledger = await OpenAsync())
        {
            await ledger.FinishAsync(Records.Finished("req_1"), default);
            await ledger.FinishAsync(Records.Finished("req_2"), default);
        }

        Execute("UPDATE request SET sampled = sampled + 1 WHERE request_id = 'req_2'");

        var violation = Assert.Single(Audit().Violations);
        Assert.Equal(("sampled_adds_up", "req_2"), (violation.Law, violation.RequestId));
    }

    [Theory]
    [InlineData("UPDATE attempt SET produced = produced + 1 WHERE number = 1")]
    [InlineData("UPDATE attempt SET cost_picousd = cost_picousd + 1 WHERE number = 2")]
    public async Task Run_AttemptChangedByHand_NamesLawAndRequest(string change)
    {
        var record = Records.Finished("req_1");
        var spent = record.Tokens.Cached + record.Tokens.Prefilled + record.Tokens.Sampled;
        AttemptRecord Attempt(int number, int prompt, int produced) => new()
        {
            Number = number,
            Target = "far",
            Model = "large",
            Reason = "first",
            StartedAt = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.Zero,
            Outcome = AttemptOutcome.Answered,
            Prompt = prompt,
            Produced = produced,
            CostUsd = 0.000000000001m,
        };
        await using (var ledger = await OpenAsync())
        {
            await ledger.FinishAsync(record with { CostUsd = 0.000000000002m, ExtraTokens = 5, Attempts = [Attempt(1, 3, 2), Attempt(2, spent, 0)] }, default);
        }

        Assert.Empty(Audit().Violations);
        Execute(change);

        var violation = Assert.Single(Audit().Violations);
        Assert.Equal(("attempts_add_up", "req_1"), (violation.Law, violation.RequestId));
    }

    [Fact]
    public async Task Run_PagesDamaged_FindsItOrSaysThatItCannotBeRead()
    {
        await using (var ledger = await OpenAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i => ledger.FinishAsync(Records.Finished($"req_{i}"), default).AsTask()));
        }

        var bytes = await File.ReadAllBytesAsync(folder.Options.File);
        Array.Fill(bytes, (byte)0xA5, bytes.Length / 2, bytes.Length / 4);
        await File.WriteAllBytesAsync(folder.Options.File, bytes);

        try
        {
            Assert.NotEmpty(Audit().Violations);
        }
        catch (LedgerException error)
        {
            Assert.Equal(LedgerFault.NotALedger, error.Fault);
        }
    }

    [Fact]
    public async Task Read_EveryState_IsShownByTheViewForPeople()
    {
        await using (var ledger = await OpenAsync())
        {
            await ledger.FinishAsync(Records.Finished("req_1") with { CostUsd = 0.25m }, default);
        }

        using var connection = new SqliteConnection($"Data Source={folder.Options.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT state || ' ' || received_at || ' ' || tenant || ' ' || model || ' ' || discarded || ' ' || wall_ms || ' ' || finish || ' ' || cost_usd FROM requests";
        Assert.Equal("finished 2026-03-14T09:26:53.000Z local pebble 1 419.01 stop 0.25", command.ExecuteScalar());
    }

    [Fact]
    public async Task Write_TypicalRecords_TakeAtMost350BytesEach()
    {
        const int count = 5_000;
        await using (var ledger = await OpenAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
                ledger.FinishAsync(Records.Finished($"req_01JX7M3Q8ZKD{i:D12}", $"tenant-{i % 10}"), default).AsTask()));
        }

        Assert.InRange(new FileInfo(folder.Options.File).Length / count, 1, 350);
    }

    private Task<SqliteLedger> OpenAsync() => SqliteLedger.OpenAsync(folder.Options, TimeProvider.System);

    private AuditReport Audit()
    {
        using var reader = LedgerReader.Open(folder.Options.File);
        return LedgerAudit.Run(reader);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Options.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Test constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
