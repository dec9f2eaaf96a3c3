using System.Net;
using System.Text;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

/// <summary>Bad input: one clear error each, with the field's path, and the server lives.</summary>
public sealed class BadInputTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Completions = "/v1/completions";
    private const string Embeddings = "/v1/embeddings";

    /// <summary>Path, body, code, param.</summary>
    public static TheoryData<string, string, string, string?> Table { get; } = new()
    {
        { Chat, "", "invalid_request", null },
        { Chat, "{", "invalid_request", null },
        { Chat, "{\"model\":", "invalid_request", null },
        { Chat, "[]", "invalid_request", null },
        { Chat, "\"\\ud800\"", "invalid_request", null },
        { Chat, "{\"\\ud800\":1}", "invalid_request", null },
        { Chat, """{"model":"scripted","model":"scripted"}""", "invalid_request", null },
        { Chat, new string('[', 100) + new string(']', 100), "invalid_request", null },
        { Chat, """{"messages":[{"role":"user","content":"x"}]}""", "invalid_request", "model" },
        { Chat, """{"model":5,"messages":[{"role":"user","content":"x"}]}""", "invalid_request", "model" },
        { Chat, """{"model":"scripted"}""", "invalid_request", "messages" },
        { Chat, """{"model":"scripted","messages":[]}""", "invalid_request", "messages" },
        { Chat, """{"model":"scripted","messages":"hi"}""", "invalid_request", "messages" },
        { Chat, """{"model":"scripted","messages":[5]}""", "invalid_request", "messages[0]" },
        { Chat, """{"model":"scripted","messages":[{"content":"x"}]}""", "invalid_request", "messages[0].role" },
        { Chat, """{"model":"scripted","messages":[{"role":"wizard","content":"x"}]}""", "invalid_request", "messages[0].role" },
        { Chat, """{"model":"scripted","messages":[{"role":"user"}]}""", "invalid_request", "messages[0].content" },
        { Chat, """{"model":"scripted","messages":[{"role":"user","content":5}]}""", "invalid_request", "messages[0].content" },
        { Chat, """{"model":"scripted","messages":[{"role":"user","content":"\ud800"}]}""", "invalid_request", "messages[0].content" },
        { Chat, """{"model":"scripted","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", "invalid_request", "messages[0].content[0].image_url.url" },
        { Chat, """{"model":"scripted","messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://a.test/b"}}]}]}""", "unsupported_value", "messages[0].content[0].type" },
        { Chat, """{"model":"scripted","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/svg+xml;base64,AAAA"}}]}]}""", "unsupported_value", "messages[0].content[0].image_url.url" },
        { Chat, """{"model":"scripted","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,A"}}]}]}""", "invalid_request", "messages[0].content[0].image_url.url" },
        { Chat, """{"model":"scripted","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"x"}}]}]}""", "unsupported_value", "messages[0].content[0].file.file_id" },
        { Chat, """{"model":"scripted","messages":[{"role":"user","content":[{"type":"input_audio"}]}]}""", "unsupported_value", "messages[0].content[0].type" },
        { Chat, """{"model":"scripted","messages":[{"role":"tool","content":"x"}]}""", "invalid_request", "messages[0].tool_call_id" },
        { Chat, With("\"temperature\":\"hot\""), "invalid_request", "temperature" },
        { Chat, With("\"temperature\":1e999"), "invalid_request", "temperature" },
        { Chat, With("\"temperature\":-1"), "invalid_request", "temperature" },
        { Chat, With("\"top_p\":2"), "invalid_request", "top_p" },
        { Chat, With("\"max_tokens\":0"), "invalid_request", "max_tokens" },
        { Chat, With("\"max_tokens\":-5"), "invalid_request", "max_tokens" },
        { Chat, With("\"max_tokens\":99999999999999999999"), "invalid_request", "max_tokens" },
        { Chat, With("\"max_tokens\":1.5"), "invalid_request", "max_tokens" },
        { Chat, With("\"max_completion_tokens\":true"), "invalid_request", "max_completion_tokens" },
        { Chat, With("\"n\":0"), "invalid_request", "n" },
        { Chat, With("\"n\":1000"), "invalid_request", "n" },
        { Chat, With("\"seed\":1.5"), "invalid_request", "seed" },
        { Chat, With("\"seed\":99999999999999999999999"), "invalid_request", "seed" },
        { Chat, With("\"stop\":[\"\"]"), "invalid_request", "stop[0]" },
        { Chat, With("\"stop\":5"), "invalid_request", "stop" },
        { Chat, With("\"stop\":[\"a\",null]"), "invalid_request", "stop[1]" },
        { Chat, With("\"logit_bias\":{\"x\":1}"), "invalid_request", "logit_bias" },
        { Chat, With("\"logit_bias\":{\"5\":1000}"), "invalid_request", "logit_bias.5" },
        { Chat, With("\"logit_bias\":[]"), "invalid_request", "logit_bias" },
        { Chat, With("\"service_tier\":\"scale\""), "invalid_request", "service_tier" },
        { Chat, With("\"class\":\"urgent\""), "invalid_request", "class" },
        { Chat, With("\"class\":1"), "invalid_request", "class" },
        { Chat, With("\"class\":\"batch\",\"service_tier\":\"priority\""), "invalid_request", "class" },
        { Chat, With("\"priority\":0.5"), "invalid_request", "priority" },
        { Chat, With("\"deadline_ms\":0"), "invalid_request", "deadline_ms" },
        { Chat, With("\"deadline_ms\":-1"), "invalid_request", "deadline_ms" },
        { Chat, With("\"deadline_ms\":\"soon\""), "invalid_request", "deadline_ms" },
        { Chat, With("\"cache_salt\":5"), "invalid_request", "cache_salt" },
        { Chat, With("\"cache_salt\":\"\""), "invalid_request", "cache_salt" },
        { Chat, With($"\"cache_salt\":\"{new string('x', 257)}\""), "invalid_request", "cache_salt" },
        { Chat, With("\"deterministic\":\"yes\""), "invalid_request", "deterministic" },
        { Chat, With("\"receipt\":1"), "invalid_request", "receipt" },
        { Embeddings, """{"model":"scripted","input":"x","class":"urgent"}""", "invalid_request", "class" },
        { Embeddings, """{"model":"scripted","input":"x","deadline_ms":0}""", "invalid_request", "deadline_ms" },
        { Chat, With("\"top_logprobs\":5"), "invalid_request", "top_logprobs" },
        { Chat, With("\"stream\":\"yes\""), "invalid_request", "stream" },
        { Chat, With("\"stream_options\":{\"include_usage\":true}"), "invalid_request", "stream_options" },
        { Chat, With("\"response_format\":\"json\""), "invalid_request", "response_format" },
        { Chat, With("\"response_format\":{}"), "invalid_request", "response_format.type" },
        { Chat, With("\"response_format\":{\"type\":\"xml\"}"), "unsupported_value", "response_format.type" },
        { Chat, With("\"response_format\":{\"type\":\"json_schema\"}"), "invalid_request", "response_format.json_schema" },
        { Chat, With("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\"}}"), "invalid_request", "response_format.json_schema.schema" },
        { Chat, With("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":[]}}"), "invalid_request", "response_format.json_schema.schema" },
        { Chat, With("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"const\":\"\\ud800\"}}}"), "invalid_request", "response_format.json_schema.schema.const" },
        { Chat, With("\"response_format\":{\"type\":\"json_object\"},\"guided_regex\":\"a\""), "invalid_request", "guided_regex" },
        { Chat, With("\"guided_json\":1"), "invalid_request", "guided_json" },
        { Chat, With("\"guided_json\":\"{\""), "invalid_request", "guided_json" },
        { Chat, With("\"guided_regex\":[]"), "invalid_request", "guided_regex" },
        { Chat, With("\"guided_choice\":[]"), "invalid_request", "guided_choice" },
        { Chat, With("\"guided_choice\":[\"a\",1]"), "invalid_request", "guided_choice[1]" },
        { Chat, With("\"structured_outputs\":{\"regex\":1}"), "invalid_request", "structured_outputs.regex" },
        { Chat, With("\"structured_outputs\":{\"regex\":\"a\",\"choice\":[\"a\"]}"), "invalid_request", "structured_outputs.choice" },
        { Chat, With("\"grammar\":\"root ::= a\""), "unsupported_value", "grammar" },
        { Chat, With("\"json_schema\":{}"), "unsupported_value", "json_schema" },
        { Chat, With("\"tool_choice\":\"required\""), "invalid_request", "tool_choice" },
        { Chat, With("\"tool_choice\":\"sometimes\""), "invalid_request", "tool_choice" },
        { Chat, With("\"tool_choice\":5"), "invalid_request", "tool_choice" },
        { Chat, With("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}"), "invalid_request", "tool_choice.function.name" },
        { Chat, With("\"tool_choice\":{\"type\":\"allowed_tools\"}"), "unsupported_value", "tool_choice.type" },
        { Chat, With("\"parallel_tool_calls\":\"no\""), "invalid_request", "parallel_tool_calls" },
        { Chat, With("\"tools\":[{\"type\":\"function\"}]"), "invalid_request", "tools[0].function" },
        { Chat, With("\"tools\":[{\"type\":\"browser\"}]"), "unsupported_value", "tools[0].type" },
        { Chat, With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"\\udc00\"}}]"), "invalid_request", "tools[0].function.description" },
        { Chat, With("\"chat_template_kwargs\":{\"a\":[\"\\ud83d\"]}"), "invalid_request", "chat_template_kwargs.a[0]" },
        { Chat, With("\"chat_template_kwargs\":{\"messages\":[]}"), "invalid_request", "chat_template_kwargs.messages" },
        { Chat, With("\"logit_bias\":{\"1\":1,\"01\":2}"), "invalid_request", "logit_bias" },
        { Chat, """{"model":"scripted","messages":[{"role":"user","content":null,"refusal":"no"}]}""", "invalid_request", "messages[0].content" },
        { Chat, With("\"functions\":[{\"name\":\"f\"}]"), "unsupported_value", "functions" },
        { Chat, With("\"audio\":{\"voice\":\"x\"}"), "unsupported_value", "audio" },
        { Chat, With("\"modalities\":[\"audio\"]"), "unsupported_value", "modalities" },
        { Completions, """{"model":"scripted"}""", "invalid_request", "prompt" },
        { Completions, """{"model":"scripted","prompt":""}""", "invalid_request", "prompt" },
        { Completions, """{"model":"scripted","prompt":[]}""", "invalid_request", "prompt" },
        { Completions, """{"model":"scripted","prompt":["a","b"]}""", "unsupported_value", "prompt" },
        { Completions, """{"model":"scripted","prompt":[1,-2]}""", "invalid_request", "prompt[1]" },
        { Completions, """{"model":"scripted","prompt":{"a":1}}""", "invalid_request", "prompt" },
        { Completions, """{"model":"scripted","prompt":"a","echo":true}""", "unsupported_value", "echo" },
        { Completions, """{"model":"scripted","prompt":"a","suffix":"b"}""", "unsupported_value", "suffix" },
        { Completions, """{"model":"scripted","prompt":"a","best_of":3}""", "unsupported_value", "best_of" },
        { Completions, """{"model":"scripted","prompt":"a","logprobs":true}""", "invalid_request", "logprobs" },
        { Embeddings, """{"model":"scripted","input":"a","dimensions":5}""", "unsupported_value", "dimensions" },
        { Embeddings, """{"model":"scripted","input":"a","encoding_format":"hex"}""", "unsupported_value", "encoding_format" },
        { Embeddings, """{"model":"scripted","input":["a",""]}""", "invalid_request", "input[1]" },
        { Embeddings, """{"model":"scripted","input":[[]]}""", "invalid_request", "input[0]" },
    };

    [Fact]
    public async Task Post_EveryRowOfTheTable_IsOneClearErrorAndTheServerLives()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation => generation.End());
        foreach (var row in Table)
        {
            var (path, body, code, param) = row.Data;
            using var response = await server.PostAsync(path, body);
            await response.ErrorAsync(HttpStatusCode.BadRequest, code, param);
        }

        Assert.Empty(server.Ledger.Admitted);
        using var fine = await server.PostAsync(Chat, Bodies.Chat);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/v1/nowhere", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/v1/chat/completions", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("DELETE", "/v1/models", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "not_found")]
    public async Task Send_UnknownPathOrMethod_HasOpenAisErrorShape(string method, string path, HttpStatusCode status, string code)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        await response.ErrorAsync(status, code);
        Assert.Equal(status == HttpStatusCode.MethodNotAllowed, response.Content.Headers.Allow.Count > 0);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/v1/models")]
    public async Task Head_OfWhatGetAnswers_IsItsHeaders(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual(0, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("{\"model\":", "ends early")]
    [InlineData("{\"model\":\"x", "ends early")]
    [InlineData("{\"model\":x}", "not valid JSON: look at")]
    public async Task Post_NotJson_SaysWhy(string body, string why)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync(Chat, body);
        Assert.Contains(why, (await response.ErrorAsync(HttpStatusCode.BadRequest, "invalid_request")).GetProperty("message").GetString());
    }

    // What a schema's compiler would refuse is not always parsed: the place is named all the same.
    [Theory]
    [InlineData("{\"a\":", "a")]
    [InlineData("{\"guided_json\":{\"allOf\":", "guided_json#")]
    [InlineData("{\"x\":[{}],\"response_format\":{\"json_schema\":{\"schema\":{\"not\":", "response_format.json_schema.schema#")]
    [InlineData("{\"tools\":[[1],{\"function\":{\"parameters\":{\"not\":", "tools[1].function.parameters#")]
    [InlineData("{\"tools\":[[1],{\"function\":{\"parameters_\":{\"not\":", "tools")]
    [InlineData("", null)]
    public async Task Post_DeeplyNested_Is400AndNamesTheField(string beginning, string? param)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync(Chat, beginning + new string('[', 60_000));
        var error = await response.ErrorAsync(HttpStatusCode.BadRequest, "invalid_request", param);
        Assert.Contains("nests deeper than 512 levels", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Post_CompressedBody_Is415AndNamesTheEncoding()
    {
        await using var server = await TestServer.StartAsync();
        using var content = new ByteArrayContent([0x1F, 0x8B]);
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await server.Client.PostAsync(Chat, content);
        Assert.Contains("gzip", (await response.ErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_encoding")).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("\uFEFF" + Bodies.Chat)]
    [InlineData("""{"model":"scripted","messages":[{"role":"assistant","content":null,"refusal":"I cannot."},{"role":"user","content":"x"}]}""")]
    public async Task Post_UnusualButLegal_IsAnswered(string body)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation => generation.End());
        using var response = await server.PostAsync(Chat, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Post_UnknownModel_Is404AndNamesTheServedOnes()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync(Chat, """{"model":"gpt-5","messages":[{"role":"user","content":"x"}]}""");
        var error = await response.ErrorAsync(HttpStatusCode.NotFound, "model_not_found", "model");
        Assert.Contains("scripted", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_BodyBeyondTheBound_Is413(bool lengthKnown)
    {
        await using var server = await TestServer.StartAsync(options => options.MaxBodyBytes = 4096);
        var bytes = Encoding.UTF8.GetBytes("{\"model\":\"" + new string('x', 8000) + "\"}");
        using HttpContent content = lengthKnown ? new ByteArrayContent(bytes) : new StreamContent(new MemoryStream(bytes));
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = content };
        request.Headers.TransferEncodingChunked = !lengthKnown;

        using var response = await server.Client.SendAsync(request);

        await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge, "request_too_large");
    }

    [Fact]
    public async Task Post_InvalidUtf8_IsRefused()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Client.PostAsync(Chat, new ByteArrayContent([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}']));
        await response.ErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Error_NeverRepeatsThePrompt()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync(Chat, """{"model":"scripted","messages":[{"role":"user","content":"SECRET"} oops]}""");
        Assert.DoesNotContain("SECRET", await response.Content.ReadAsStringAsync());
    }

    private static string With(string field) => $$"""{"model":"scripted","messages":[{"role":"user","content":"x"}],{{field}}}""";
}
