using System.Net;
using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>Raw HTTP against pebble: what no SDK looks at.</summary>
public sealed class ServingTests(PebbleServer server) : IClassFixture<PebbleServer>
{
    private const string Question = """{"model":"pebble","temperature":0,"messages":[{"role":"user","content":"What is TTFT?"}]}""";

    [Fact]
    public async Task Chat_Record_AccountsForEveryTokenAndMillisecond()
    {
        using var response = await server.PostAsync("/v1/chat/completions", Question);
        var usage = (await JsonAsync(response)).GetProperty("usage");
        var record = await server.RecordAsync(response);

        Assert.Equal(usage.GetProperty("prompt_tokens").GetInt32(), record.Tokens.Prompt);
        Assert.Equal(usage.GetProperty("completion_tokens").GetInt32(), record.Tokens.DeliveredVisible);
        Assert.Equal(record.Tokens.Sampled, record.Tokens.DeliveredVisible);
        Assert.True(record.Phases.Decode > TimeSpan.Zero);
        Assert.StartsWith("sha256:", record.Fingerprint);
        Assert.Equal("local", record.Tenant);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"pebble","max_tokens":3,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"pebble","max_tokens":3,"stream":true,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/embeddings", """{"model":"pebble","input":"hi"}""")]
    public async Task Record_IsOnDiskBeforeTheAnswerIsWhole(string path, string body)
    {
        using var reader = Ledger.LedgerReader.Open(server.LedgerFile);
        for (var i = 0; i < 20; i++)
        {
            using var response = await server.PostAsync(path, body);
            await response.Content.ReadAsByteArrayAsync();

            var record = reader.Find(response.Headers.GetValues("x-request-id").Single())!;
            Assert.Equal(RecordState.Finished, record.State);
            Assert.Empty(Ledger.LedgerLaws.Check(record));
        }
    }

    [Fact]
    public async Task Chat_StopString_IsNeverShownAndItsTokensAreTrimmed()
    {
        using var response = await server.PostAsync("/v1/chat/completions", """{"model":"pebble","temperature":0,"stop":" first token","messages":[{"role":"user","content":"What is TTFT?"}]}""");
        var choice = (await JsonAsync(response)).GetProperty("choices")[0];
        var record = await server.RecordAsync(response);

        Assert.Equal("TTFT is the time to", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(FinishCause.Request, record.FinishCause);
        Assert.True(record.Tokens.DiscardedTrimmed > 0);
    }

    [Fact]
    public async Task Chat_SeveralChoicesWithASeed_AreReproducible()
    {
        const string body = """{"model":"pebble","n":3,"seed":7,"temperature":1.2,"max_tokens":20,"messages":[{"role":"user","content":"Write a story about Nina the fox in the forest."}]}""";
        using var first = await server.PostAsync("/v1/chat/completions", body);
        using var second = await server.PostAsync("/v1/chat/completions", body);
        var a = Texts(await JsonAsync(first));
        var record = await server.RecordAsync(first);

        Assert.Equal(a, Texts(await JsonAsync(second)));
        Assert.Equal(3, a.Distinct().Count());
        Assert.Equal(record.Tokens.Prompt, record.Tokens.Prefilled + record.Tokens.Cached);
    }

    [Fact]
    public async Task Completion_StreamAndWhole_AreTheSame()
    {
        const string whole = """{"model":"pebble","prompt":"The red house","temperature":0,"max_tokens":12}""";
        using var response = await server.PostAsync("/v1/completions", whole);
        using var stream = await server.PostAsync("/v1/completions", whole[..^1] + ",\"stream\":true}");
        var events = (await stream.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("data: [DONE]", events[^1]);
        var text = string.Concat(events[..^1].Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("choices")[0].GetProperty("text").GetString()));
        Assert.Equal((await JsonAsync(response)).GetProperty("choices")[0].GetProperty("text").GetString(), text);
    }

    [Theory]
    [InlineData("""{"model":"pebble","prompt":"Sum 12 and 99","temperature":5,"seed":11722684543,"max_tokens":60,"stop":["ed to"],"logprobs":1}""")]
    [InlineData("""{"model":"pebble","prompt":"日本語 😀 emoji","temperature":5,"seed":1,"max_tokens":60,"stop":["a","token"],"logprobs":0}""")]
    [InlineData("""{"model":"pebble","prompt":"hi","temperature":5,"seed":2,"max_tokens":60,"logprobs":5,"ignore_eos":true}""")]
    [InlineData("""{"model":"pebble","prompt":"hi","temperature":100,"seed":3,"max_tokens":200,"logprobs":2,"ignore_eos":true}""")]
    public async Task Completion_LogProbsOfStreamAndWhole_AreTheSame(string whole)
    {
        using var response = await server.PostAsync("/v1/completions", whole);
        using var stream = await server.PostAsync("/v1/completions", whole[..^1] + ",\"stream\":true}");
        var expected = (await JsonAsync(response)).GetProperty("choices")[0];
        var chunks = (await stream.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1]
            .Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("choices")[0].GetProperty("logprobs"))
            .Where(logProbs => logProbs.ValueKind == JsonValueKind.Object).ToList();

        foreach (var part in new[] { "tokens", "token_logprobs", "top_logprobs", "text_offset" })
        {
            Assert.Equal(Items(expected.GetProperty("logprobs"), part), chunks.SelectMany(chunk => Items(chunk, part)));
        }

        var offsets = Items(expected.GetProperty("logprobs"), "text_offset").Select(int.Parse).ToList();
        Assert.Equal(offsets.Order(), offsets);
        Assert.InRange(offsets[^1], 0, expected.GetProperty("text").GetString()!.EnumerateRunes().Count());

        static IEnumerable<string> Items(JsonElement logProbs, string part) => logProbs.GetProperty(part).EnumerateArray().Select(item => item.GetRawText());
    }

    [Fact]
    public async Task Completion_OfTokenIds_EqualsThatOfTheirText()
    {
        using var tokenized = await server.PostAsync("/tokenize", """{"content":"The red house","model":"pebble"}""");
        var tokens = (await JsonAsync(tokenized)).GetProperty("tokens").GetRawText();
        using var back = await server.PostAsync("/detokenize", $$"""{"tokens":{{tokens}}}""");
        using var byText = await server.PostAsync("/v1/completions", """{"model":"pebble","prompt":"The red house","temperature":0}""");
        using var byTokens = await server.PostAsync("/v1/completions", $$"""{"model":"pebble","prompt":{{tokens}},"temperature":0}""");

        Assert.Equal("The red house", (await JsonAsync(back)).GetProperty("content").GetString());
        Assert.Equal(Text(await JsonAsync(byText)), Text(await JsonAsync(byTokens)));

        static string? Text(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("text").GetString();
    }

    [Fact]
    public async Task Tools_AreRenderedThroughTheTemplate()
    {
        const string declared = """
            {"model":"pebble","temperature":0,"messages":[{"role":"user","content":"Find a hotel in Tokyo for Saturday."}],"tools":[
            {"type":"function","function":{"name":"get_time","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},
            {"type":"function","function":{"name":"find_hotel","parameters":{"type":"object","properties":{"city":{"type":"string"},"day":{"type":"string"}}}}}]}
            """;
        const string written = """
            {"model":"pebble","temperature":0,"messages":[{"role":"system","content":"Tools: get_time(city), find_hotel(city, day)"},
            {"role":"user","content":"Find a hotel in Tokyo for Saturday."}]}
            """;
        using var byTools = await server.PostAsync("/v1/chat/completions", declared);
        using var byHand = await server.PostAsync("/v1/chat/completions", written);
        var (tools, hand) = (await JsonAsync(byTools), await JsonAsync(byHand));

        // The second finds the first's prompt in the cache: they are the same tokens.
        Assert.Equal(Usage(hand, "prompt_tokens"), Usage(tools, "prompt_tokens"));
        Assert.True(hand.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32() > 0);

        // Where tools were declared the call is taken out of the text.
        var call = tools.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Contains(call.GetProperty("name").GetString()!, Assert.Single(Texts(hand)), StringComparison.Ordinal);
        Assert.Equal("tool_calls", tools.GetProperty("choices")[0].GetProperty("finish_reason").GetString());

        static int Usage(JsonElement answer, string name) => answer.GetProperty("usage").GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task CachedPrefix_AskedAgain_SameAnswerAndLessIsComputed()
    {
        var story = string.Concat(Enumerable.Range(0, 20).Select(i => $"The fox {i} went to the red house. "));
        var (first, again) = (await AskAsync(), await AskAsync());
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(0, first.Tokens.Cached);
        Assert.InRange(again.Tokens.Cached, again.Tokens.Prompt - 16, again.Tokens.Prompt - 1);

        async Task<(string? Text, TokenCounts Tokens)> AskAsync()
        {
            using var answer = await server.PostAsync("/v1/completions", $$"""{"model":"pebble","prompt":"{{story}}","max_tokens":8,"temperature":0}""");
            return ((await JsonAsync(answer)).GetProperty("choices")[0].GetProperty("text").GetString(), (await server.RecordAsync(answer)).Tokens);
        }
    }

    [Fact]
    public async Task Prompt_BeyondTheContext_IsOneClear400()
    {
        var prompt = string.Concat(Enumerable.Repeat("the red house ", 2000));
        using var response = await server.PostAsync("/v1/chat/completions", $$"""{"model":"pebble","messages":[{"role":"user","content":"{{prompt}}"}]}""");
        var error = (await JsonAsync(response)).GetProperty("error");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("context_length_exceeded", error.GetProperty("code").GetString());
        Assert.Contains("2048", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(10, HttpStatusCode.BadRequest, "context_length_exceeded")]
    [InlineData(20, HttpStatusCode.RequestEntityTooLarge, "request_too_large")]
    public async Task Prompt_OfManyMegabytes_IsOneClearErrorAndTheServerLives(int megabytes, HttpStatusCode status, string code)
    {
        var prompt = string.Concat(Enumerable.Repeat("0123456789abcde ", megabytes * 1024 * 64));
        using var response = await server.PostAsync("/v1/chat/completions", $$"""{"model":"pebble","messages":[{"role":"user","content":"{{prompt}}"}]}""");
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());

        using var fine = await server.PostAsync("/v1/chat/completions", Question);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leave_LongPrefill_IsCancelledAndTheNextRequestRuns(bool stream)
    {
        var prompt = string.Concat(Enumerable.Repeat("the red house ", 450));
        var run = $"leave-{stream}";
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"pebble","ignore_eos":true,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{prompt}}"}]}"""),
        };
        request.Headers.Add("x-penstock-run", run);
        var sent = server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        using var reader = Ledger.LedgerReader.Open(server.LedgerFile);
        await Eventually.TrueAsync(() => reader.Tail(5).Any(entry => entry.Record.RunId == run));
        if (stream)
        {
            (await sent).Dispose();
        }
        else
        {
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        }

        var record = await server.RecordAsync(record => record.RunId == run);
        using var next = await server.PostAsync("/v1/chat/completions", Question);

        Assert.Equal(FinishReason.Cancelled, record.FinishReason);
        Assert.Equal(FinishCause.Client, record.FinishCause);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;

    private static string[] Texts(JsonElement answer) =>
        [.. answer.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("message").GetProperty("content").GetString()!)];
}
