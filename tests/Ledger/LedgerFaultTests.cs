using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

public sealed class LedgerFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Open_FolderIsAFile_SaysUnwritableWithRemedy()
    {
        var blocked = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(blocked, "");

        var error = await OpenFails(LedgerOptions.InFolder(Path.Combine(blocked, "data")));

        Assert.Equal(LedgerFault.Unwritable, error.Fault);
        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileIsAFolder_SaysUnwritable()
    {
        Directory.CreateDirectory(folder.Options.File);

        Assert.Equal(LedgerFault.Unwritable, (await OpenFails(folder.Options)).Fault);
    }

    [Fact]
    public async Task Open_NotADatabase_SaysSoAndLeavesItAlone()
    {
        var text = string.Concat(Enumerable.Repeat("this is no database. ", 100));
        await File.WriteAllTextAsync(folder.Options.File, text);

        Assert.Equal(LedgerFault.NotALedger, (await OpenFails(folder.Options)).Fault);
        Assert.Equal(text, await File.ReadAllTextAsync(folder.Options.File));
    }

    [Fact]
    public async Task Open_DatabaseOfAnotherProgram_SaysNotALedger()
    {
        Execute("CREATE TABLE song (title TEXT)");

        Assert.Equal(LedgerFault.NotALedger, (await OpenFails(folder.Options)).Fault);
        Assert.Equal(LedgerFault.NotALedger, Assert.Throws<LedgerException>(() => LedgerReader.Open(folder.Options.File)).Fault);
    }

    [Fact]
    public async Task Open_NewerSchema_NamesBothVersions()
    {
        await using (await OpenAsync(folder.Options))
        {
        }

        Execute("INSERT INTO schema_version VALUES (99, 'later')");

        var error = await OpenFails(folder.Options);
        Assert.Equal(LedgerFault.NewerSchema, error.Fault);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        Assert.Equal(LedgerFault.NewerSchema, Assert.Throws<LedgerException>(() => LedgerReader.Open(folder.Options.File)).Fault);
    }

    [Fact]
    public async Task Open_WhileAnotherServerWrites_IsRefusedUntilItEnds()
    {
        await using (await OpenAsync(folder.Options))
        {
            var error = await OpenFails(folder.Options);
            Assert.Equal(LedgerFault.InUse, error.Fault);
            Assert.Contains("Another Penstock server", error.Message, StringComparison.Ordinal);
        }

        await using var next = await OpenAsync(folder.Options);
    }

    [Fact]
    public async Task Write_LedgerFull_FailsTheCallersAndKeepsWhatWasAcknowledged()
    {
        var options = folder.Options;
        options.MaxBytes = 200_000;
        var acknowledged = new List<string>();
        LedgerException? full = null;
        await using (var ledger = await OpenAsync(options))
        {
            for (var i = 0; full is null; i++)
            {
                try
                {
                    await ledger.AdmitAsync(Records.Admitted($"req_{i}"), default);
                    acknowledged.Add($"req_{i}");
                }
                catch (LedgerException error)
                {
                    full = error;
                }
            }
        }

        Assert.Equal(LedgerFault.Full, full.Fault);
        using var reader = LedgerReader.Open(options.File);
        Assert.Equal(acknowledged, reader.ReadAll().Select(record => record.RequestId));
    }

    [Fact]
    public async Task Write_WhileAnotherProgramHoldsTheLock_FailsThenGoesOn()
    {
        var options = folder.Options;
        options.BusyTimeout = TimeSpan.FromSeconds(1);
        await using var ledger = await OpenAsync(options);
        await ledger.AdmitAsync(Records.Admitted("req_1", "known"), default);
        using (var other = Connect())
        {
            Execute(other, "BEGIN IMMEDIATE");
            var error = await Assert.ThrowsAsync<LedgerException>(async () => await ledger.AdmitAsync(Records.Admitted("req_2", "new tenant"), default));
            Assert.Equal(LedgerFault.InUse, error.Fault);
            Execute(other, "ROLLBACK");
        }

        await ledger.AdmitAsync(Records.Admitted("req_2", "new tenant"), default);

        using var reader = LedgerReader.Open(options.File);
        Assert.Equal("new tenant", reader.Find("req_2")!.Tenant);
    }

    [Fact]
    public async Task Finish_LedgerFull_IsWrittenBeforeTheNextAdmissionOnceThereIsRoom()
    {
        var options = folder.Options;
        options.MaxBytes = 200_000;
        await using var ledger = await OpenAsync(options);
        LedgerException? full = null;
        var last = 0;
        while (full is null)
        {
            full = await Record.ExceptionAsync(async () => await ledger.FinishAsync(Records.Finished($"req_{++last}"), default)) as LedgerException;
        }

        Execute("DELETE FROM request");
        await ledger.AdmitAsync(Records.Admitted("req_after"), default);

        Assert.Equal((LedgerFault.Full, true), (full.Fault, full.WillRetry));
        using var reader = LedgerReader.Open(options.File);
        Assert.Equal([$"req_{last}", "req_after"], reader.ReadAll().Select(record => record.RequestId));
    }

    [Fact]
    public async Task Finish_StoreFailed_IsWrittenWhenTheLedgerCloses()
    {
        var options = folder.Options;
        options.BusyTimeout = TimeSpan.FromSeconds(1);
        await using (var ledger = await OpenAsync(options))
        {
            await ledger.AdmitAsync(Records.Admitted("req_1"), default);
            using var other = Connect();
            Execute(other, "BEGIN IMMEDIATE");
            var error = await Assert.ThrowsAsync<LedgerException>(async () => await ledger.FinishAsync(Records.Finished("req_1"), default));
            Assert.True(error.WillRetry);
            Execute(other, "ROLLBACK");
        }

        using var reader = LedgerReader.Open(options.File);
        Assert.Equal(RecordState.Finished, reader.Find("req_1")!.State);
    }

    [Fact]
    public void Read_NoLedger_SaysWhereItLooked()
    {
        var error = Assert.Throws<LedgerException>(() => LedgerReader.Open(folder.Options.File));

        Assert.Equal(LedgerFault.Missing, error.Fault);
        Assert.Contains(folder.Options.File, error.Message, StringComparison.Ordinal);
    }

    private static Task<SqliteLedger> OpenAsync(LedgerOptions options) => SqliteLedger.OpenAsync(options, TimeProvider.System);

    private static Task<LedgerException> OpenFails(LedgerOptions options) => Assert.ThrowsAsync<LedgerException>(() => OpenAsync(options));

    private void Execute(string sql)
    {
        using var connection = Connect();
        Execute(connection, sql);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={folder.Options.File};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Test constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
