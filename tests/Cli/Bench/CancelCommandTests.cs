using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Cli.Bench.Cancel;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Ledger;

namespace Penstock.Cli.Tests.Bench;

public sealed class CancelCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("penstock-cli-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Cancel_WithTheServersLedger_CountsWhatItSaysWasDiscarded()
    {
        await using var ledger = await SqliteLedger.OpenAsync(LedgerOptions.InFolder(folder), TimeProvider.System);
        await using var server = await StandInServer.StartAsync(async http =>
        {
            try
            {
                await AnswerAsync(http);
            }
            catch (OperationCanceledException)
            {
                await ledger.FinishAsync(Left(http, discarded: 2), default);
            }
        });

        var (exit, report, _) = await RunAsync(server.Url, "--phase", "decode", "--n", "5", "--data", folder);

        Assert.Equal(0, exit);
        Assert.Equal((5, "ledger"), (report.GetProperty("n").GetInt32(), report.GetProperty("wasted_from").GetString()));
        Assert.Equal((2, 2), (report.GetProperty("wasted_tokens").GetProperty("mean").GetDouble(), report.GetProperty("wasted_tokens").GetProperty("max").GetDouble()));
        Assert.Equal(5, report.GetProperty("left_in").GetProperty("decode").GetInt32());
        Assert.True(report.GetProperty("next_request_ms").GetProperty("p50").GetDouble() > 0);
    }

    [Fact]
    public async Task Cancel_WithoutALedger_EstimatesFromTheNextRequestsDelay()
    {
        await using var server = await StandInServer.StartAsync(AnswerAsync);

        var (exit, report, _) = await RunAsync(server.Url, "--phase", "decode", "--n", "3");

        Assert.Equal(0, exit);
        Assert.Equal("delay", report.GetProperty("wasted_from").GetString());
        Assert.True(report.GetProperty("wasted_tokens").GetProperty("max").GetDouble() >= 0);
    }

    [Fact]
    public async Task Cancel_LedgerNamedButMissing_SaysSo()
    {
        await using var server = await StandInServer.StartAsync(AnswerAsync);

        var (exit, _, error) = await RunAsync(server.Url, "--phase", "decode", "--data", folder);

        Assert.Equal(1, exit);
        Assert.Contains("no ledger", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--phase", "sometimes")]
    [InlineData("--n", "3")]
    [InlineData("--phase", "decode", "--n", "0")]
    public async Task Cancel_WrongUsage_ExitsTwo(params string[] arguments) =>
        Assert.Equal(2, await PenstockCommand.RunAsync(["bench", "cancel", .. arguments], TextWriter.Null, TextWriter.Null));

    [Theory]
    [InlineData(true, 0, 30)]
    [InlineData(true, 1500, 15)]
    [InlineData(true, 9000, 4)]
    [InlineData(false, 0, 30)]
    [InlineData(false, 1500, 15)]
    [InlineData(false, 1990, 1)]
    [InlineData(false, 2000, 0)]
    [InlineData(false, 9000, 0)]
    public void Wasted_Record_CountsWhatCameAfterTheDeparture(bool stream, int leftAfterMs, double expected)
    {
        var record = new RequestRecord
        {
            RequestId = "r",
            State = RecordState.Finished,
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Tenant = "local",
            Kind = RequestKind.Chat,
            Model = "m",
            Target = "t",
            Stream = stream,
            Tokens = new TokenCounts { Sampled = 30, DeliveredVisible = stream ? 26 : 0, DiscardedCancelled = stream ? 4 : 30 },
            Phases = new PhaseDurations { Prefill = TimeSpan.FromSeconds(1), Decode = TimeSpan.FromSeconds(1) },
        };

        Assert.Equal(expected, WastedTokens.Wasted(record, DateTimeOffset.UnixEpoch.AddMilliseconds(leftAfterMs)));
    }

    /// <summary>As many tokens as were asked for; to those who will leave, tokens until they do.</summary>
    private static async Task AnswerAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var asked = body.RootElement.GetProperty("max_tokens").GetInt32();
        await StandInServer.StreamAsync(http, http.Request.Headers.ContainsKey("x-penstock-task") ? int.MaxValue : asked);
    }

    private static RequestRecord Left(HttpContext http, int discarded) => new()
    {
        RequestId = http.TraceIdentifier,
        State = RecordState.Finished,
        ReceivedAt = TimeProvider.System.GetUtcNow(),
        FinishedAt = TimeProvider.System.GetUtcNow(),
        Tenant = "local",
        Kind = RequestKind.Chat,
        Model = "stand-in",
        Target = "stand-in",
        Stream = true,
        Task = http.Request.Headers["x-penstock-task"],
        Tokens = new TokenCounts { Sampled = discarded, DiscardedDisconnected = discarded },
        FinishReason = FinishReason.Cancelled,
        FinishCause = FinishCause.Client,
        FinishPhase = RequestPhase.Decode,
    };

    private static async Task<(int Exit, JsonElement Report, string Error)> RunAsync(string url, params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var exit = await PenstockCommand.RunAsync(["bench", "cancel", "--url", url, "--json", .. arguments], output, error);
        return (exit, output.ToString().Length > 0 ? JsonDocument.Parse(output.ToString()).RootElement : default, error.ToString());
    }
}
