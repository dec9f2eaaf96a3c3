using System.Net;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

public sealed class WholeAnswerTests
{
    [Fact]
    public async Task Chat_TwoChoices_AnswersBothAndRecordsThem()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("a", choice: 0);
            generation.Say("b", choice: 1);
            generation.FinishChoice(1, FinishReason.Length);
            generation.FinishChoice(0);
            generation.End();
        });

        using var response = await server.PostAsync("/v1/chat/completions", """{"model":"scripted","n":2,"messages":[{"role":"user","content":"hi"}]}""");
        var answer = await response.JsonAsync();
        var record = await server.Ledger.NextFinishedAsync();

        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
        Assert.Equal("a", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal("b", answer.GetProperty("choices")[1].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("length", answer.GetProperty("choices")[1].GetProperty("finish_reason").GetString());
        Assert.Equal(4, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal("sha256:feed", answer.GetProperty("system_fingerprint").GetString());
        Assert.Equal(2, record.Choices);
        Assert.Equal(4, record.Tokens.DeliveredVisible);
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), record.RequestId);
    }

    [Fact]
    public async Task Chat_LogProbs_HaveTokenBytesAndAlternatives()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("é", logProbs: [new(7, "é"u8.ToArray(), -0.5f, [new(7, "é"u8.ToArray(), -0.5f, []), new(8, new byte[] { 0xC3 }, float.NegativeInfinity, [])])]);
            generation.FinishChoice();
            generation.End();
        });

        using var response = await server.PostAsync("/v1/chat/completions", """{"model":"scripted","logprobs":true,"top_logprobs":2,"messages":[{"role":"user","content":"hi"}]}""");
        var content = (await response.JsonAsync()).GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content");

        Assert.Equal(2, server.Target.Last!.Request.Sampling.TopLogProbs);
        Assert.Equal("é", content[0].GetProperty("token").GetString());
        Assert.Equal([0xC3, 0xA9], content[0].GetProperty("bytes").EnumerateArray().Select(value => value.GetInt32()));
        Assert.Equal(-0.5, content[0].GetProperty("logprob").GetDouble());
        Assert.Equal(-9999, content[0].GetProperty("top_logprobs")[1].GetProperty("logprob").GetDouble());
    }

    [Fact]
    public async Task Completion_LogProbs_AreParallelArraysWithOffsets()
    {
        IReadOnlyList<TokenLogProb> Of(string text, int offset) => [new(1, System.Text.Encoding.UTF8.GetBytes(text), -1, []) { TextOffset = offset }];
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("né", logProbs: Of("né", 0));
            generation.Say("x", logProbs: Of("x", 2));
            generation.FinishChoice();
            generation.End();
        });

        using var whole = await server.PostAsync("/v1/completions", """{"model":"scripted","prompt":"p","logprobs":0}""");
        var logProbs = (await whole.JsonAsync()).GetProperty("choices")[0].GetProperty("logprobs");
        using var stream = await server.PostAsync("/v1/completions", """{"model":"scripted","prompt":"p","logprobs":0,"stream":true}""");
        var events = await stream.Content.ReadAsStringAsync();

        Assert.Equal(["né", "x"], logProbs.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
        Assert.Equal([0, 2], logProbs.GetProperty("text_offset").EnumerateArray().Select(offset => offset.GetInt32()));
        Assert.Equal("""[{"né":-1},{"x":-1}]""", logProbs.GetProperty("top_logprobs").GetRawText());
        Assert.Contains("\"text_offset\":[2]", events);
        Assert.EndsWith("data: [DONE]\n\n", events);
    }

    [Fact]
    public async Task Chat_LogProbsOfAnEmptyAnswer_AreAnEmptyList()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.FinishChoice();
            generation.End();
        });

        using var response = await server.PostAsync("/v1/chat/completions", """{"model":"scripted","logprobs":true,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal("""{"content":[],"refusal":null}""", (await response.JsonAsync()).GetProperty("choices")[0].GetProperty("logprobs").GetRawText());
    }

    [Fact]
    public async Task Embeddings_AsNumbersAndBase64_AreTheSame()
    {
        await using var server = await TestServer.StartAsync();

        using var numbers = await server.PostAsync("/v1/embeddings", Bodies.Embedding);
        var data = (await numbers.JsonAsync()).GetProperty("data");
        using var encoded = await server.PostAsync("/v1/embeddings", """{"model":"scripted","input":["a","b"],"encoding_format":"base64"}""");
        var bytes = (await encoded.JsonAsync()).GetProperty("data")[1].GetProperty("embedding").GetBytesFromBase64();
        var record = await server.Ledger.NextFinishedAsync();

        Assert.Equal(2, data.GetArrayLength());
        Assert.Equal([1f, 0.5f], data[1].GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()));
        Assert.Equal([1f, 0.5f], new[] { BitConverter.ToSingle(bytes, 0), BitConverter.ToSingle(bytes, 4) });
        Assert.Equal(Contracts.Requests.RequestKind.Embedding, record.Kind);
        Assert.Equal(FinishReason.Stop, record.FinishReason);
        Assert.Equal(5, record.Tokens.Prefilled);
    }

    [Fact]
    public async Task Models_ListAndOne_DescribeTheTarget()
    {
        await using var server = await TestServer.StartAsync();

        var list = await (await server.Client.GetAsync("/v1/models")).JsonAsync();
        var one = await (await server.Client.GetAsync("/v1/models/scripted")).JsonAsync();

        Assert.Equal("scripted", list.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal("model", one.GetProperty("object").GetString());
        Assert.Equal(100, one.GetProperty("context_length").GetInt32());
        await (await server.Client.GetAsync("/v1/models/other")).ErrorAsync(HttpStatusCode.NotFound, "model_not_found", "model");
    }

    [Fact]
    public async Task CallerHeaders_GoIntoTheRecord()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation => generation.End());
        server.Client.DefaultRequestHeaders.Add("x-penstock-run", "run-1");
        server.Client.DefaultRequestHeaders.Add("x-penstock-step", "2");
        server.Client.DefaultRequestHeaders.Add("x-penstock-intent", "shadow");

        (await server.PostAsync("/v1/chat/completions", Bodies.Chat)).Dispose();
        var record = await server.Ledger.NextFinishedAsync();

        Assert.Equal("run-1", record.RunId);
        Assert.Equal("2", record.Step);
        Assert.Equal(Contracts.Requests.RequestIntent.Shadow, record.Intent);
    }
}
