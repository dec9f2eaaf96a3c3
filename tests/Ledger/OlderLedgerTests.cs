using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Ledger.Latency;
using Penstock.Ledger.Storage;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

/// <summary>A ledger that an earlier version wrote is read as it is, and brought up to date by the next server.</summary>
public sealed class OlderLedgerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Reader_OfAnOlderVersion_GivesDefaultsForWhatCameLater(int version)
    {
        WriteVersion(version);
        using var reader = LedgerReader.Open(folder.Options.File);

        var record = Assert.Single(reader.ReadAll());

        Assert.Equal(("req_old", ServiceClass.Standard, 7), (record.RequestId, record.Class, record.Tokens.Sampled));
        Assert.Equal(GapRecord.None, record.Gaps);
        Assert.Null(record.Digest);
        Assert.Null(record.Adapter);
        Assert.Empty(reader.Attempts("req_old"));
        Assert.Equal(1, LatencyReport.Read(reader).Total.Requests);
        Assert.Empty(LedgerAudit.Run(reader).Violations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Open_OfAnOlderVersion_KeepsItsRecordsAndTakesNewOnes(int version)
    {
        WriteVersion(version);
        await using (var ledger = await SqliteLedger.OpenAsync(folder.Options, TimeProvider.System))
        {
            await ledger.FinishAsync(Records.Finished("req_new") with { Class = ServiceClass.Batch, Digest = "ab", Adapter = "formal" }, default);
        }

        using var reader = LedgerReader.Open(folder.Options.File);
        var records = reader.ReadAll().ToList();

        Assert.Equal(["req_old", "req_new"], records.Select(record => record.RequestId));
        Assert.Equal([ServiceClass.Standard, ServiceClass.Batch], records.Select(record => record.Class));
        Assert.Equal("ab", records[1].Digest);
        Assert.Equal([null, "formal"], records.Select(record => record.Adapter));
        Assert.Empty(LedgerAudit.Run(reader).Violations);
    }

    private void WriteVersion(int version)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Options.File};Pooling=False");
        connection.Open();
        LedgerSchema.Migrate(connection, folder.Options.File, TimeProvider.System, version);
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO label VALUES (1, 'local');
            INSERT INTO request (request_id, state, received_at, tenant, kind, model, target, stream, choices, intent, prompt, finished_at, prefilled, sampled, delivered, finish_reason, finish_cause, finish_phase)
            VALUES ('req_old', 1, 638776000000000000, 1, 0, 1, 1, 0, 1, 0, 5, 638776000010000000, 5, 7, 7, 0, 0, 6);
            """;
        command.ExecuteNonQuery();
    }
}
