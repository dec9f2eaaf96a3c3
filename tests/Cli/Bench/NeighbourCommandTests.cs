using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Penstock.Cli.Tests.Bench;

public class NeighbourCommandTests
{
    [Fact]
    public async Task Neighbour_StreamsRunOn_SplitsTheirGapsAtTheLongPrompt()
    {
        await using var server = await StandInServer.StartAsync(async http =>
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body);
            var asked = body.RootElement.GetProperty("max_tokens").GetInt32();
            await StandInServer.StreamAsync(http, asked > 1 ? int.MaxValue : 1, promptTokens: 300);
        });
        var output = new StringWriter();

        var exit = await PenstockCommand.RunAsync(["bench", "neighbour", "--url", server.Url, "--streams", "3", "--long-prompt-tokens", "300", "--json"], output, TextWriter.Null);

        var report = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal(0, exit);
        Assert.Equal((3, 0, 300), (report.GetProperty("streams").GetInt32(), report.GetProperty("streams_ended_early").GetInt32(), report.GetProperty("long_prompt_tokens").GetInt32()));
        Assert.True(report.GetProperty("long_ttft_ms").GetDouble() > 0);
        Assert.True(report.GetProperty("gap_ms_before").GetProperty("max").GetDouble() > 0);
        Assert.True(report.GetProperty("gap_ms_during").GetProperty("max").GetDouble() > 0);
    }

    [Fact]
    public async Task Neighbour_ContextTooSmall_HalvesLengthsAndSaysSo()
    {
        const int context = 2_048;
        await using var server = await StandInServer.StartAsync(async http =>
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body);
            var asked = body.RootElement.GetProperty("max_tokens").GetInt32();
            var words = body.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!.Split(' ').Length;
            if (words + asked <= context)
            {
                await StandInServer.StreamAsync(http, asked > 1 ? int.MaxValue : 1, promptTokens: words);
                return;
            }

            http.Response.StatusCode = 400;
            await http.Response.WriteAsync("""{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}""");
        });
        var (output, error) = (new StringWriter(), new StringWriter());

        var exit = await PenstockCommand.RunAsync(["bench", "neighbour", "--url", server.Url, "--streams", "2", "--json"], output, error);

        Assert.Equal(0, exit);
        Assert.Equal(2_000, JsonDocument.Parse(output.ToString()).RootElement.GetProperty("long_prompt_tokens").GetInt32());
        Assert.Contains("8,000 tokens are too many for the model's context; the long prompt has about 2,000.", error.ToString());
        Assert.Contains("each stream has about 1,000.", error.ToString());
    }

    [Fact]
    public async Task Neighbour_StreamsTooShort_SaysWhatToDo()
    {
        await using var server = await StandInServer.StartAsync(http => StandInServer.StreamAsync(http, tokens: 5));
        var error = new StringWriter();

        Assert.Equal(1, await PenstockCommand.RunAsync(["bench", "neighbour", "--url", server.Url], TextWriter.Null, error));
        Assert.Contains("--stream-tokens", error.ToString(), StringComparison.Ordinal);
    }
}
