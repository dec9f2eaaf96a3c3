using System.Net;
using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Messages;

/// <summary>Anthropic's events.</summary>
public sealed class MessageStreamTests
{
    private const string Body = """{"model":"scripted","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task Stream_ThinkingTextAndCalls_HasAnthropicsBytes()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.ThinkSayCall);

        using var response = await server.PostAsync("/v1/messages", Body);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var id = response.Headers.GetValues("x-request-id").Single()[4..];
        string[] data =
        [
            """{"type":"message_start","message":{"id":"msg_ID","type":"message","role":"assistant","model":"scripted","container":null,"diagnostics":null,"content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0},"service_tier":"standard","cache_creation":null,"inference_geo":null,"server_tool_use":null,"speed":null}}}""".Replace("ID", id, StringComparison.Ordinal),
            """{"type":"ping"}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"","citations":null}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me "}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"\"see\"."}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"a1","name":"weather","caller":{"type":"direct"},"input":{}}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\": "}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\"Oslo\"}"}}""",
            """{"type":"content_block_stop","index":2}""",
            """{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"a2","name":"now","caller":{"type":"direct"},"input":{}}}""",
            """{"type":"content_block_stop","index":3}""",
            """{"type":"message_delta","delta":{"container":null,"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":5,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":7,"output_tokens_details":{"thinking_tokens":1},"service_tier":"standard","cache_creation":null,"inference_geo":null,"server_tool_use":null,"speed":null}}""",
            """{"type":"message_stop"}""",
        ];
        Assert.Equal(string.Concat(data.Select(item => $"event: {JsonDocument.Parse(item).RootElement.GetProperty("type").GetString()}\ndata: {item}\n\n")), text);
    }

    [Fact]
    public async Task Stream_NothingSaid_IsAMessageWithoutContent()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.FinishChoice();
            generation.End();
        });

        using var response = await server.PostAsync("/v1/messages", Body);

        Assert.Equal(["message_start", "ping", "message_delta", "message_stop"], Names(await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Stream_FailsAfterAToken_EndsInAnErrorEvent()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("a");
            generation.Fail(new PenstockError(ErrorCode.RunnerFailed, "It failed."));
        });

        using var response = await server.PostAsync("/v1/messages", Body);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("error", Names(text)[^1]);
        Assert.DoesNotContain("message_stop", text, StringComparison.Ordinal);
        var error = JsonDocument.Parse(text[(text.LastIndexOf("data: ", StringComparison.Ordinal) + 6)..]).RootElement.GetProperty("error");
        Assert.Equal(("api_error", "It failed."), (error.GetProperty("type").GetString(), error.GetProperty("message").GetString()));
    }

    private static List<string> Names(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line[7..])];
}
