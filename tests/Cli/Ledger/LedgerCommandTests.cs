using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Ledger;

namespace Penstock.Cli.Tests.Ledger;

public sealed class LedgerCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("penstock-cli-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Tail_Record_WritesSumsThatAddUp()
    {
        await FillAsync();

        var (exit, output, _) = await RunAsync("tail", "-n", "1");

        Assert.Equal(0, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("prompt = cached + prefilled + unreached  sampled = delivered + hidden + discarded", lines[0], StringComparison.Ordinal);
        Assert.Contains("    30 =     16 +        14 +         0       12 =         9 +      2 +         1", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("cancelled in decode", lines[1].TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_Json_WritesOneObjectALine()
    {
        await FillAsync();

        var (_, output, _) = await RunAsync("tail", "--json");

        var records = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["req_dead", "req_1"], records.Select(record => record.GetProperty("request_id").GetString()));
        Assert.Equal("interrupted", records[0].GetProperty("state").GetString());
        Assert.Equal(1, records[1].GetProperty("tokens").GetProperty("discarded").GetInt32());
        Assert.Equal(419, records[1].GetProperty("wall_ms").GetDouble());
    }

    [Fact]
    public async Task Summary_Json_HasTokensByFate()
    {
        await FillAsync();

        var (_, output, _) = await RunAsync("summary", "--json");

        var total = JsonDocument.Parse(output).RootElement.GetProperty("total");
        Assert.Equal(2, total.GetProperty("requests").GetProperty("total").GetInt32());
        Assert.Equal(1, total.GetProperty("cancellation_tax").GetProperty("tokens").GetInt32());
        Assert.Equal(49, total.GetProperty("ttft_ms").GetProperty("p99").GetDouble());
    }

    [Fact]
    public async Task Audit_LawfulLedger_ExitsZero()
    {
        await FillAsync();

        var (exit, output, _) = await RunAsync("audit", "--json");

        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, exit);
        Assert.Equal((2, 1, 1, 0), (Number("records"), Number("finished"), Number("interrupted"), report.GetProperty("violations").GetArrayLength()));

        int Number(string name) => report.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Audit_UnlawfulRecord_ExitsOneAndNamesIt()
    {
        await FillAsync(record => record with { WallTime = TimeSpan.FromSeconds(9) });

        var (exit, output, _) = await RunAsync("audit", "--json");

        var violation = Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("violations").EnumerateArray());
        Assert.Equal(1, exit);
        Assert.Equal("phases_sum_to_wall_time", violation.GetProperty("law").GetString());
        Assert.Equal("req_1", violation.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task AnyCommand_NoLedger_IsOneLineWithRemedy()
    {
        var (exit, output, error) = await RunAsync("audit", "--json");

        Assert.Equal(1, exit);
        Assert.Empty(output);
        Assert.Contains("--data", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var exit = await PenstockCommand.RunAsync(["ledger", .. arguments, "--data", folder], output, error);
        return (exit, output.ToString(), error.ToString());
    }

    private async Task FillAsync(Func<RequestRecord, RequestRecord>? change = null)
    {
        var admitted = new RequestRecord
        {
            RequestId = "req_dead",
            State = RecordState.Admitted,
            ReceivedAt = new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero),
            Tenant = "local",
            Kind = RequestKind.Chat,
            Model = "pebble",
            Target = "engine.cpu",
            Tokens = new TokenCounts { Prompt = 30 },
        };
        var finished = admitted with
        {
            RequestId = "req_1",
            State = RecordState.Finished,
            FinishedAt = admitted.ReceivedAt.AddMilliseconds(419),
            Tokens = new TokenCounts { Prompt = 30, Cached = 16, Prefilled = 14, Sampled = 12, DeliveredVisible = 9, HiddenReasoning = 2, DiscardedCancelled = 1 },
            Phases = new PhaseDurations { Prefill = TimeSpan.FromMilliseconds(49), Decode = TimeSpan.FromMilliseconds(370) },
            WallTime = TimeSpan.FromMilliseconds(419),
            TimeToFirstToken = TimeSpan.FromMilliseconds(49),
            FinishReason = FinishReason.Cancelled,
            FinishCause = FinishCause.Client,
            FinishPhase = RequestPhase.Decode,
        };
        await using var ledger = await SqliteLedger.OpenAsync(LedgerOptions.InFolder(folder), TimeProvider.System);
        await ledger.AdmitAsync(admitted, default);
        await ledger.FinishAsync(change?.Invoke(finished) ?? finished, default);
    }
}
