using System.Net;
using System.Text.Json.Nodes;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>What a request must not ask of the scheduler: refused before it runs, by field and with a remedy, streaming or not; the server goes on.</summary>
public sealed class ScheduleInputTests
{
    private const int KvBlocks = 8;

    private static readonly (string Path, string Body)[] Requests =
    [
        ("/v1/chat/completions", """{"model":"simulated","messages":[{"role":"user","content":"hi"}],"max_tokens":2}"""),
        ("/v1/chat/completions", """{"model":"simulated","messages":[{"role":"user","content":"hi"}],"max_tokens":2,"stream":true}"""),
        ("/v1/completions", """{"model":"simulated","prompt":"hi","max_tokens":2}"""),
        ("/v1/completions", """{"model":"simulated","prompt":"hi","max_tokens":2,"stream":true}"""),
        ("/v1/embeddings", """{"model":"simulated","input":"hi"}"""),
    ];

    private static readonly (string Fields, string Param, string Says)[] Faults =
    [
        ("\"class\":\"urgent\"", "class", "interactive, standard, batch"),
        ("\"class\":3", "class", "class"),
        ("\"class\":\"interactive\",\"service_tier\":\"flex\"", "class", "Send one of the two"),
        ("\"service_tier\":\"gold\"", "service_tier", "auto, default, flex, priority"),
        ("\"priority\":\"high\"", "priority", "priority"),
        ("\"priority\":99999999999", "priority", "priority"),
        ("\"deadline_ms\":0", "deadline_ms", "deadline_ms"),
        ("\"deadline_ms\":-5000", "deadline_ms", "deadline_ms"),
        ("\"deadline_ms\":\"yesterday\"", "deadline_ms", "deadline_ms"),
        ("\"deadline_ms\":1e300", "deadline_ms", "deadline_ms"),
        ("\"cache_salt\":17", "cache_salt", "cache_salt"),
        ("\"cache_salt\":[\"a\"]", "cache_salt", "cache_salt"),
        ("\"cache_salt\":\"\"", "cache_salt", "1 to 256 characters"),
        ($"\"cache_salt\":\"{new string('s', 257)}\"", "cache_salt", "1 to 256 characters"),
        ("\"deterministic\":\"yes\"", "deterministic", "deterministic"),
    ];

    [Fact]
    public async Task Terms_ThatMakeNoSense_Are400NamingTheField()
    {
        await using var server = await SimulatedServer.StartAsync();
        foreach (var (path, body) in Requests)
        {
            foreach (var (fields, param, says) in Faults)
                await RefusedAsync(server, path, $"{body[..^1]},{fields}}}", param, says);
        }

        await AnsweredAsync(server);
    }

    [Theory]
    [InlineData("/v1/completions", """{"model":"simulated","prompt":"$","max_tokens":2""", "prompt")]
    [InlineData("/v1/chat/completions", """{"model":"simulated","messages":[{"role":"user","content":"$"}],"max_tokens":2""", "messages")]
    [InlineData("/v1/embeddings", """{"model":"simulated","input":"$" """, "input")]
    public async Task Prompt_LongerThanTheKv_Is400WithTheNumbers(string path, string body, string param)
    {
        await using var server = await SimulatedServer.StartAsync(blocks: KvBlocks);
        var longer = body.Replace("$", string.Join(' ', Enumerable.Repeat("the", 150)), StringComparison.Ordinal);

        await RefusedAsync(server, path, longer + "}", param, "holds 128 tokens");
        if (param != "input")
            await RefusedAsync(server, path, longer + ",\"stream\":true}", param, "give the server more KV memory");
        await AnsweredAsync(server);
    }

    [Fact]
    public async Task Prompt_LongerThanTheContext_Is400WithTheNumbers()
    {
        await using var server = await SimulatedServer.StartAsync();
        foreach (var stream in (string[])["true", "false"])
        {
            await RefusedAsync(
                server, "/v1/completions", $$"""{"model":"simulated","prompt":"{{string.Join(' ', Enumerable.Repeat("the", 400))}}","max_tokens":2,"stream":{{stream}}}""", "prompt", "The context of 'simulated' is 256 tokens");
        }

        await AnsweredAsync(server);
    }

    private static async Task RefusedAsync(SimulatedServer server, string path, string body, string param, string says)
    {
        using var response = await server.PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{(int)response.StatusCode} for {param} at {path}: {text}");
        var error = JsonNode.Parse(text)!["error"]!;
        Assert.Equal(param, (string?)error["param"]);
        Assert.Contains(says, (string)error["message"]!);
        Assert.Equal("invalid_request_error", (string)error["type"]!);
    }

    private static async Task AnsweredAsync(SimulatedServer server)
    {
        foreach (var (path, body) in Requests)
        {
            using var response = await server.PostAsync(path, body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.Content.ReadAsStringAsync();
        }

        var audit = await server.StopAndAuditAsync();
        Assert.Empty(audit.Violations);
        Assert.Equal(audit.Records, audit.Finished);
    }
}
