using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Providers.Tests.Hosting;
using Penstock.Tools.StandIn;

namespace Penstock.Providers.Tests;

/// <summary>What servers that speak OpenAI's form send beside it: passed on as it is, and read right where the client speaks another form.</summary>
public sealed class DialectTests : IAsyncLifetime
{
    private FrontServer front = null!;

    public async ValueTask InitializeAsync() => front = await FrontServer.StartAsync();

    public ValueTask DisposeAsync() => front.DisposeAsync();

    public static TheoryData<Behaviour> Whole => [Behaviour.Azure, Behaviour.OpenRouter, Behaviour.Ollama, Behaviour.Vllm, Behaviour.Sglang, Behaviour.LlamaServer];

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task Chat_OfADialect_ComesBackEventByEvent(Behaviour behaviour)
    {
        var (status, answer, _) = await front.AskAsync(FrontServer.Chat($"mock-{behaviour}", stream: true, more: ",\"stream_options\":{\"include_usage\":true}"));

        Assert.Equal(200, status);
        Assert.Equal(
            [.. Dialects.Of(behaviour)!.Where(item => !item.StartsWith(':')), "[DONE]"],
            answer.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]));
        var record = await front.Ledger.NextAsync();
        Assert.Equal((FinishReason.Stop, "primary/m-1"), (record.FinishReason, record.Target));
        if (behaviour != Behaviour.Ollama)
        {
            Assert.Equal((7, 2), (record.Tokens.Prompt, record.Tokens.Sampled));
        }
    }

    [Theory]
    [InlineData(Behaviour.Azure, "text:Hello", "end_turn")]
    [InlineData(Behaviour.OpenRouter, "thinking:Hm.,text:Hello", "end_turn")]
    [InlineData(Behaviour.Ollama, "tool_use:now{},tool_use:weather{\"city\":\"Oslo\"}", "tool_use")]
    [InlineData(Behaviour.Vllm, "thinking:Hm.,text:Hello", "stop_sequence")]
    [InlineData(Behaviour.Sglang, "thinking:Hm.,text:Hello", "stop_sequence")]
    [InlineData(Behaviour.LlamaServer, "thinking:Hm.,text:Hello", "end_turn")]
    public async Task Messages_OverADialect_SayTheSame(Behaviour behaviour, string blocks, string reason)
    {
        var (status, answer, _) = await front.AskAsync($$"""{"model":"mock-{{behaviour}}","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"hi"}]}""", "/v1/messages");

        Assert.Equal(200, status);
        var said = "";
        foreach (var item in answer.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement))
        {
            if (item.TryGetProperty("content_block", out var block))
            {
                var type = block.GetProperty("type").GetString();
                said += $",{type}:{(type == "tool_use" ? block.GetProperty("name").GetString() : "")}";
            }
            else if (item.TryGetProperty("delta", out var delta))
            {
                foreach (var field in (string[])["text", "thinking", "partial_json"])
                {
                    said += delta.TryGetProperty(field, out var text) ? text.GetString() : "";
                }
            }
        }

        Assert.Equal(blocks, said.TrimStart(','));
        Assert.Contains($"\"stop_reason\":\"{reason}\"", answer);
    }

    [Theory]
    [InlineData(Behaviour.OpenRouterFails)]
    [InlineData(Behaviour.VllmFails)]
    public async Task Error_AfterSomeText_IsAnErrorAndNoWholeAnswer(Behaviour behaviour)
    {
        var (_, answer, _) = await front.AskAsync(FrontServer.Chat($"mock-{behaviour}", stream: true));

        Assert.Contains("Hello", answer);
        Assert.Contains("\"code\":\"upstream_failed\"", answer);
        Assert.DoesNotContain("[DONE]", answer);
        Assert.Equal(FinishReason.Error, (await front.Ledger.NextAsync()).FinishReason);
    }
}
