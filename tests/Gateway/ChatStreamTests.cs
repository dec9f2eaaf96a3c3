using System.Net;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

public sealed class ChatStreamTests
{
    private const string Body = """{"model":"scripted","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task Stream_TwoTokens_HasOpenAisBytes()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("He\"l\n");
            generation.Say("lo é");
            generation.FinishChoice();
            generation.End();
        });

        using var response = await server.PostAsync("/v1/chat/completions", Body);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
        var requestId = response.Headers.GetValues("x-request-id").Single();
        var created = text[(text.IndexOf("\"created\":", StringComparison.Ordinal) + 10)..].Split(',')[0];
        var head = $$"""data: {"id":"chatcmpl-{{requestId[4..]}}","object":"chat.completion.chunk","created":{{created}},"model":"scripted","system_fingerprint":"sha256:feed","choices":[""";
        var expected = string.Concat(new[]
        {
            head + """{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}""",
            head + """{"index":0,"delta":{"content":"He\"l\n"},"logprobs":null,"finish_reason":null}],"usage":null}""",
            head + """{"index":0,"delta":{"content":"lo é"},"logprobs":null,"finish_reason":null}],"usage":null}""",
            head + """{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}""",
            head + """],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}""",
            "data: [DONE]",
        }.Select(line => line + "\n\n"));
        Assert.Equal(expected, text);
    }
}
