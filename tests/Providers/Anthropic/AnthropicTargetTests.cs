using System.Text.Json;
using Penstock.Contracts.Records;

namespace Penstock.Providers.Tests.Anthropic;

/// <summary>What goes to a provider of Anthropic's kind, what comes back, and what is written down of it.</summary>
public sealed class AnthropicTargetTests
{
    private const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-real-1","content":[],"stop_reason":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":1}}}""";
    private const string Ping = """{"type":"ping"}""";
    private const string Begin = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";
    private const string Hello = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}""";
    private const string Stop = """{"type":"content_block_stop","index":0}""";
    private const string End = """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":9}}""";
    private const string Last = """{"type":"message_stop"}""";

    [Fact]
    public async Task Relay_Stream_GoesOverAndComesBackAsItIs()
    {
        await using var canned = await CannedProvider.StreamingAsync(Start, Ping, Begin, Hello, Stop, End, Last);
        const string body = """{ "model":"alias","max_tokens" : 20,"stream":true,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"x"}}]}],"unknown":[1.50] }""";
        canned.Client.DefaultRequestHeaders.Add("x-api-key", "client-key");
        canned.Client.DefaultRequestHeaders.Add("anthropic-beta", "context-1m-2025-08-07");

        var (status, answer) = await canned.AskAsync("/v1/messages", body);

        Assert.Equal(200, status);
        Assert.Equal(body.Replace("alias", "claude-real", StringComparison.Ordinal), canned.Body);
        Assert.Equal(("provider-key", "2023-06-01"), (canned.Headers["x-api-key"], canned.Headers["anthropic-version"]));
        Assert.False(canned.Headers.ContainsKey("authorization"));
        Assert.Equal("context-1m-2025-08-07", canned.Headers["anthropic-beta"]);
        Assert.Equal([Start, Ping, Begin, Hello, Stop, End, Last], answer.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]));
        var record = await canned.Ledger.NextAsync();
        Assert.Equal((10, 3, 9, 9), (record.Tokens.Prompt, record.Tokens.Cached, record.Tokens.Sampled, record.Tokens.DeliveredVisible));
        Assert.Equal((FinishReason.Stop, "claude/claude-real-1"), (record.FinishReason, record.Target));
    }

    [Fact]
    public async Task Relay_Whole_GoesOverAndComesBackAsItIs()
    {
        const string answer = """{"id":"msg_1","type":"message","role":"assistant","model":"claude-real-1","content":[{"type":"text","text":"Hello"}],"stop_reason":"max_tokens","usage":{"input_tokens":4,"output_tokens":6}, "x": [1.0]}""";
        await using var canned = await CannedProvider.StartAsync(answer);

        var (status, body) = await canned.AskAsync("/v1/messages", """{"model":"alias","max_tokens":6,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal((200, answer), (status, body));
        var record = await canned.Ledger.NextAsync();
        Assert.Equal((4, 6, FinishReason.Length), (record.Tokens.Prompt, record.Tokens.Sampled, record.FinishReason));
    }

    [Fact]
    public async Task Translate_ChatStream_HasOpenAisChunks()
    {
        await using var canned = await CannedProvider.StreamingAsync(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}""",
            Stop,
            """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"now","input":{}}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_2","name":"weather","input":{}}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":"}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\"Oslo\"}"}}""",
            """{"type":"content_block_stop","index":2}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}""",
            Last);

        var (status, answer) = await canned.AskAsync("/v1/chat/completions", """{"model":"alias","max_tokens":20,"stream":true,"messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}]}""");

        Assert.Equal(200, status);
        Assert.Equal("""{"model":"claude-real","max_tokens":20,"system":"s","messages":[{"role":"user","content":"hi"}],"stream":true}""", canned.Body);
        var deltas = answer.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices")[0]).ToList();
        Assert.Equal("Hm.", deltas[1].GetProperty("delta").GetProperty("reasoning_content").GetString());
        var calls = deltas.Where(choice => choice.GetProperty("delta").TryGetProperty("tool_calls", out _)).Select(choice => choice.GetProperty("delta").GetProperty("tool_calls")[0]).ToList();
        Assert.Equal(["{}", "{\"city\":\"Oslo\"}"], calls.GroupBy(call => call.GetProperty("index").GetInt32()).Select(call => string.Concat(call.Select(part => part.GetProperty("function").GetProperty("arguments").GetString()))));
        Assert.Equal("tool_calls", deltas[^1].GetProperty("finish_reason").GetString());
        Assert.Equal(9, (await canned.Ledger.NextAsync()).Tokens.Sampled);
    }

    [Fact]
    public async Task Stream_ErrorAfterContent_EndsInAnErrorEventOfTheClientsForm()
    {
        await using var canned = await CannedProvider.StreamingAsync(Start, Begin, Hello, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""");

        var (status, answer) = await canned.AskAsync("/v1/messages", """{"model":"alias","max_tokens":20,"stream":true,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal(200, status);
        Assert.Contains("event: error\ndata: {\"type\":\"error\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("message_stop", answer, StringComparison.Ordinal);
        Assert.Equal(FinishReason.Error, (await canned.Ledger.NextAsync()).FinishReason);
    }

    [Fact]
    public async Task Stream_CutBeforeItsEnd_IsNoWholeAnswer()
    {
        await using var canned = await CannedProvider.StreamingAsync(Start, Begin, Hello, Stop);

        var (_, answer) = await canned.AskAsync("/v1/messages", """{"model":"alias","max_tokens":20,"stream":true,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Contains("event: error", answer, StringComparison.Ordinal);
        var record = await canned.Ledger.NextAsync();
        Assert.Equal((FinishReason.Error, FinishCause.Server), (record.FinishReason, record.FinishCause));
    }
}
