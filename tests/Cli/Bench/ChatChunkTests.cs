using System.Buffers;
using System.Text;
using System.Text.Json;
using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Tests.Bench;

public class ChatChunkTests
{
    [Theory]
    [InlineData("""{"id":"x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}""", 0)]
    [InlineData("""{"choices":[{"delta":{"content":"word "}}]}""", 5)]
    [InlineData("""{"choices":[{"delta":{"content":null,"reasoning_content":"hm"}}]}""", 2)]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}""", 2)]
    [InlineData("""{"choices":[{"message":{"role":"assistant","content":"all"},"finish_reason":"stop"}]}""", 3)]
    public void Parse_Delta_CountsTheTextOnly(string json, int bytes) => Assert.Equal(bytes, Parse(json).TextBytes);

    [Fact]
    public void Parse_LogProbs_GivesTheNumberOfTokens()
    {
        var chunk = Parse("""{"choices":[{"delta":{"content":"ab"},"logprobs":{"content":[{"token":"a","top_logprobs":[{"token":"b"}]},{"token":"b"}],"refusal":null}}]}""");

        Assert.Equal(2, chunk.LogProbTokens);
    }

    [Fact]
    public void Parse_FinishAndUsage_AreRead()
    {
        var finish = Parse("""{"choices":[{"delta":{},"finish_reason":"length"}]}""");
        var usage = Parse("""{"choices":[],"usage":{"prompt_tokens":7,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens":5,"total_tokens":12}}""");

        Assert.True(finish.Finished);
        Assert.Equal((7, 5), (usage.PromptTokens!.Value, usage.CompletionTokens!.Value));
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"server_error","param":null,"code":"runner_failed"}}""", "runner_failed")]
    [InlineData("""{"error":{"message":"m","type":"server_error","code":null}}""", "server_error")]
    [InlineData("""{"error":{}}""", "error")]
    public void Parse_Error_GivesItsCode(string json, string code) => Assert.Equal(code, Parse(json).Error);

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"choices\":[")]
    [InlineData("not json")]
    [InlineData("")]
    public void Parse_NotAChunk_Throws(string json) => Assert.ThrowsAny<JsonException>(() => Parse(json));

    private static ChatChunk Parse(string json) => ChatChunk.Parse(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));
}
