using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Penstock.Cli.Tests.Bench;

public class LoadCommandTests
{
    [Fact]
    public async Task Load_ClosedLoop_ReportsEveryField()
    {
        await using var server = await StandInServer.StartAsync(http => StandInServer.StreamAsync(http, tokens: 4));

        var (exit, report, _) = await RunAsync(server, "--concurrency", "3", "--requests", "12", "--output-tokens", "4");

        Assert.Equal(0, exit);
        Assert.Equal((12, 12, 0, 0, 48), (Int(report, "requests"), Int(report, "ok"), Int(report, "errors"), Int(report, "cancelled"), Int(report, "output_tokens")));
        string[] fields = ["output_tokens_per_s", "stall_rate", "goodput_per_s"];
        Assert.All(fields, field => Assert.Equal(JsonValueKind.Number, report.GetProperty(field).ValueKind));
        string[] points = ["p50", "p90", "p99", "max"];
        Assert.All(points, point => Assert.True(report.GetProperty("ttft_ms").GetProperty(point).GetDouble() > 0));
        Assert.All(points, point => Assert.Equal(JsonValueKind.Number, report.GetProperty("gap_ms").GetProperty(point).ValueKind));
    }

    [Fact]
    public async Task Load_ServerFreezes_IsChargedForEveryRequestThatItKeptWaiting()
    {
        const int frozen = 10;
        var gate = new TaskCompletionSource();
        var arrived = 0;
        await using var server = await StandInServer.StartAsync(async http =>
        {
            // The first two are the calibration. Then nobody is answered until ten have come: a load that waited for answers would never end.
            if (Interlocked.Increment(ref arrived) == 2 + frozen)
                gate.SetResult();
            if (arrived > 2)
                await gate.Task;
            await StandInServer.StreamAsync(http, tokens: 1);
        });

        var (exit, report, _) = await RunAsync(server, "--rate", "50", "--arrivals", "fixed", "--requests", "10", "--output-tokens", "1");

        // The first waited for the tenth, which was due nine fiftieths of a second later; the median one waited for at least four.
        Assert.Equal(0, exit);
        Assert.True(report.GetProperty("ttft_ms").GetProperty("max").GetDouble() >= 180);
        Assert.True(report.GetProperty("ttft_ms").GetProperty("p50").GetDouble() >= 80);
    }

    [Fact]
    public async Task Load_ClientsLeave_AreCountedAndSeenByTheServer()
    {
        var left = 0;
        await using var server = await StandInServer.StartAsync(async http =>
        {
            try
            {
                await StandInServer.StreamAsync(http, tokens: http.Request.ContentLength > 2_000 ? int.MaxValue : 1);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref left);
            }
        });

        var (exit, report, _) = await RunAsync(server, "--concurrency", "4", "--requests", "20", "--prompt-tokens", "1000", "--output-tokens", "50", "--cancel-rate", "1");

        Assert.Equal(0, exit);
        Assert.Equal(20, Int(report, "cancelled"));
        Assert.InRange(Int(report, "output_tokens"), 20, 20 * 49);
        SpinWait.SpinUntil(() => Volatile.Read(ref left) == 20, TimeSpan.FromSeconds(30));
        Assert.Equal(20, left);
    }

    [Fact]
    public async Task Load_ServerRefuses_CountsErrorsByCodeAndExitsOne()
    {
        var requests = 0;
        await using var server = await StandInServer.StartAsync(async http =>
        {
            if (Interlocked.Increment(ref requests) <= 2)
            {
                await StandInServer.StreamAsync(http, tokens: 1);
                return;
            }

            http.Response.StatusCode = 429;
            await http.Response.WriteAsync("""{"error":{"message":"busy","type":"rate_limit_error","code":"queue_full"}}""");
        });

        var (exit, report, table) = await RunAsync(server, "--concurrency", "1", "--requests", "3");

        Assert.Equal(1, exit);
        Assert.Equal(3, report.GetProperty("failures").GetProperty("HTTP 429 queue_full").GetInt32());
        Assert.Contains("3 × HTTP 429 queue_full", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_StreamBreaksOff_IsAnError()
    {
        var requests = 0;
        await using var server = await StandInServer.StartAsync(async http =>
        {
            if (Interlocked.Increment(ref requests) <= 2)
                await StandInServer.StreamAsync(http, tokens: 1);
            else
                await StandInServer.EventAsync(http, """{"choices":[{"delta":{"content":"word "}}]}""");
        });

        var (exit, report, _) = await RunAsync(server, "--concurrency", "1", "--requests", "1");

        Assert.Equal(1, exit);
        Assert.Equal("the stream ended without [DONE]", Assert.Single(report.GetProperty("failures").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("--requests", "5")]
    [InlineData("--rate", "5", "--concurrency", "2")]
    [InlineData("--rate", "0")]
    [InlineData("--concurrency", "1", "--cancel-rate", "2")]
    public async Task Load_WrongUsage_ExitsTwo(params string[] arguments)
    {
        var error = new StringWriter();

        Assert.Equal(2, await PenstockCommand.RunAsync(["bench", "load", .. arguments], TextWriter.Null, error));
        Assert.NotEmpty(error.ToString());
    }

    [Fact]
    public async Task Load_NoServer_SaysWhatToDo()
    {
        var error = new StringWriter();

        Assert.Equal(1, await PenstockCommand.RunAsync(["bench", "load", "--url", "http://127.0.0.1:1", "--concurrency", "1"], TextWriter.Null, error));
        Assert.Contains("penstock serve", error.ToString(), StringComparison.Ordinal);
    }

    private static int Int(JsonElement report, string name) => report.GetProperty(name).GetInt32();

    private static async Task<(int Exit, JsonElement Report, string Table)> RunAsync(StandInServer server, params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var exit = await PenstockCommand.RunAsync(["bench", "load", "--url", server.Url, "--json", .. arguments], output, error);
        Assert.True(output.ToString().Length > 0, error.ToString());
        return (exit, JsonDocument.Parse(output.ToString()).RootElement, error.ToString());
    }
}
