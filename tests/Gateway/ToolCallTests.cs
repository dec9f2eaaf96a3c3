using System.Text.Json;
using Microsoft.Extensions.AI;
using Penstock.Contracts.Requests;
using Penstock.Gateway.InProcess;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

/// <summary>Thinking and tool calls in OpenAI's shape.</summary>
public sealed class ToolCallTests
{
    private const string Arguments = """{"city": "Oslo \"N\""}""";

    [Fact]
    public async Task Stream_ThinkingTextAndCalls_AreDeltasOfTheirOwn()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Script);

        using var response = await server.PostAsync("/v1/chat/completions", """{"model":"scripted","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""");
        var chunks = (await response.Content.ReadAsStringAsync()).Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement).ToList();

        var deltas = chunks.Where(chunk => chunk.GetProperty("choices").GetArrayLength() > 0).Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetRawText());
        Assert.Equal(
            [
                """{"role":"assistant","content":"","refusal":null}""",
                """{"reasoning_content":"Hm."}""",
                """{"content":"Let me see."}""",
                """{"tool_calls":[{"index":0,"id":"a1","type":"function","function":{"name":"weather","arguments":""}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\": \"Os"}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"lo \\\"N\\\"\"}"}}]}""",
                """{"tool_calls":[{"index":1,"id":"a2","type":"function","function":{"name":"now","arguments":""}}]}""",
                """{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}""",
                "{}",
            ],
            deltas);
        Assert.Equal("tool_calls", chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(1, chunks[^1].GetProperty("usage").GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32());
    }

    [Fact]
    public async Task Whole_ThinkingTextAndCalls_ArePartsOfTheMessage()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Script);

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.Chat);
        var choice = (await response.JsonAsync()).GetProperty("choices")[0];

        var message = choice.GetProperty("message");
        Assert.Equal(("Hm.", "Let me see."), (message.GetProperty("reasoning_content").GetString(), message.GetProperty("content").GetString()));
        var call = message.GetProperty("tool_calls")[0];
        Assert.Equal(("a1", "function", "weather", Arguments), (call.GetProperty("id").GetString(), call.GetProperty("type").GetString(), call.GetProperty("function").GetProperty("name").GetString(), call.GetProperty("function").GetProperty("arguments").GetString()));
        Assert.Equal(2, message.GetProperty("tool_calls").GetArrayLength());
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Whole_OnlyACall_HasNullContent()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Call(new ToolCall("a1", "now", "{}"));
            generation.FinishChoice();
            generation.End();
        });

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.Chat);
        var message = (await response.JsonAsync()).GetProperty("choices")[0].GetProperty("message");

        Assert.Equal(JsonValueKind.Null, message.GetProperty("content").ValueKind);
        Assert.False(message.TryGetProperty("reasoning_content", out _));
    }

    [Fact]
    public async Task InProcess_ThinkingAndCalls_AreContentsOfTheirOwn()
    {
        var target = new ScriptedTarget(TimeProvider.System) { OnStart = Script };
        using var client = new PenstockChatClient(target, new MemoryLedger());

        var response = await client.GetResponseAsync([new(ChatRole.User, "hi")], cancellationToken: TestContext.Current.CancellationToken);

        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        Assert.Equal("Hm.", Assert.Single(contents.OfType<TextReasoningContent>()).Text);
        Assert.Equal("Let me see.", response.Text);
        var call = contents.OfType<FunctionCallContent>().First();
        Assert.Equal(("a1", "weather", "Oslo \"N\""), (call.CallId, call.Name, call.Arguments!["city"]!.ToString()));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    private static void Script(ScriptedGeneration generation)
    {
        generation.Think("Hm.");
        generation.Say("Let me see.");
        generation.Call(new ToolCall("a1", "weather", ""));
        generation.GoOn(Arguments[..12]);
        generation.GoOn(Arguments[12..]);
        generation.Call(new ToolCall("a2", "now", "{}"));
        generation.FinishChoice();
        generation.End();
    }
}
