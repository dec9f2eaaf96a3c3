using System.Net;
using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Messages;

/// <summary>Anthropic's Messages API over HTTP: whole answers, what is read of a request, errors.</summary>
public sealed class MessagesTests
{
    private const string Path = "/v1/messages";
    private const string Body = """{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task Whole_ThinkingTextAndCalls_AreContentBlocks()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.ThinkSayCall);

        using var response = await server.PostAsync(Path, Body);
        var message = await response.JsonAsync();

        Assert.Equal(
            """[{"type":"thinking","thinking":"Hm.","signature":""},{"type":"text","text":"Let me \"see\".","citations":null},{"type":"tool_use","id":"a1","name":"weather","caller":{"type":"direct"},"input":{"city": "Oslo"}},{"type":"tool_use","id":"a2","name":"now","caller":{"type":"direct"},"input":{}}]""",
            message.GetProperty("content").GetRawText());
        Assert.StartsWith("msg_", message.GetProperty("id").GetString());
        Assert.Equal(("message", "assistant", "scripted"), (Text(message, "type"), Text(message, "role"), Text(message, "model")));
        Assert.Equal("tool_use", Text(message, "stop_reason"));
        Assert.Equal(
            """{"input_tokens":5,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":7,"output_tokens_details":{"thinking_tokens":1},"service_tier":"standard","cache_creation":null,"inference_geo":null,"server_tool_use":null,"speed":null}""",
            message.GetProperty("usage").GetRawText());
        Assert.Equal(response.Headers.GetValues("x-request-id"), response.Headers.GetValues("request-id"));
    }

    [Theory]
    [InlineData(FinishReason.Stop, null, "end_turn")]
    [InlineData(FinishReason.Length, null, "max_tokens")]
    [InlineData(FinishReason.Stop, "END", "stop_sequence")]
    public async Task Whole_EachEnding_HasAnthropicsWord(FinishReason reason, string? stop, string word)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("a");
            generation.FinishChoice(reason: reason, stopText: stop);
            generation.End(reason);
        });

        using var response = await server.PostAsync(Path, Body);
        var message = await response.JsonAsync();

        Assert.Equal(word, Text(message, "stop_reason"));
        Assert.Equal(stop, Text(message, "stop_sequence"));
    }

    [Fact]
    public async Task Request_TurnsOfBlocks_BecomeMessages()
    {
        var request = await SentAsync("""
            {"model":"scripted","max_tokens":9,"system":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"temperature":0.5,"top_p":0.9,"top_k":5,"stop_sequences":["x","y"],
            "metadata":{"user_id":"u"},"thinking":{"type":"disabled"},"messages":[
              {"role":"user","content":"q"},
              {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"c"},{"type":"tool_use","id":"1","name":"f","input":{"k": 1}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":[{"type":"text","text":"r"}],"is_error":true},{"type":"text","text":"go on"}]}],
            "tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true}],"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true}}
            """);

        Assert.Equal(
            [
                new ChatMessage { Role = "system", Content = "ab" },
                new ChatMessage { Role = "user", Content = "q" },
                new ChatMessage { Role = "assistant", Content = "c", ReasoningContent = "t", ReasoningSignature = "s", ToolCalls = request.Messages![2].ToolCalls },
                new ChatMessage { Role = "tool", ToolCallId = "1", Content = "r", ToolFailed = true },
                new ChatMessage { Role = "user", Content = "go on" },
            ],
            request.Messages!.Select(message => message with { ToolCalls = message.ToolCalls.Count == 0 ? new ChatMessage { Role = "" }.ToolCalls : message.ToolCalls }));
        Assert.Equal([new ToolCall("1", "f", """{"k": 1}""")], request.Messages![2].ToolCalls);
        Assert.Equal("""{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}}""", Assert.Single(request.Tools).Json.GetRawText());
        Assert.Equal(new ToolChoice(ToolChoiceMode.Required, "f", Parallel: false), request.ToolChoice);
        Assert.Equal((9, "u", 0.5f, 0.9f, 5), (request.MaxOutputTokens, request.EndUser, request.Sampling.Temperature, request.Sampling.TopP, request.Sampling.TopK));
        Assert.Equal(["x", "y"], request.Stop);
        Assert.Equal("""{"enable_thinking":false}""", request.TemplateArguments!.Value.GetRawText());
    }

    [Fact]
    public async Task Warnings_WhatIsLetGo_IsNamedEntryByEntry()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello);
        using var response = await server.PostAsync(Path, """
            {"model":"scripted","max_tokens":9,"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}],"thinking":{"type":"enabled","budget_tokens":1024},
            "output_config":{"effort":"low"},"messages":[{"role":"user","content":"hi"}]}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["system[0].cache_control", "thinking.budget_tokens", "output_config.effort"], response.Headers.GetValues("penstock-warnings").Select(warning => warning.Split(':')[0]));
        Assert.Equal("system[0].cache_control,thinking.budget_tokens,output_config.effort", (await server.Ledger.NextFinishedAsync()).Losses);
    }

    [Theory]
    [InlineData("""{"model":"scripted","messages":[{"role":"user","content":"hi"}]}""", "invalid_request", "max_tokens")]
    [InlineData("""{"model":"scripted","max_tokens":0,"messages":[{"role":"user","content":"hi"}]}""", "invalid_request", "max_tokens")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[]}""", "invalid_request", "messages")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"tool","content":"hi"}]}""", "invalid_request", "messages[0].role")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{}}]}]}""", "invalid_request", "messages[0].content[0].source.type")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]}""", "unsupported_value", "messages[0].content[0].source.type")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"?"}}]}]}""", "invalid_request", "messages[0].content[0].source.data")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"file:///etc/passwd"}}]}]}""", "invalid_request", "messages[0].content[0].source.url")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"image","source":{"type":"url","url":"https://a.test/b"}}]},{"role":"user","content":"a"}]}""", "unsupported_value", "messages[0].content[0].type")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}""", "unsupported_value", "messages")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":"a"}],"tools":[{"type":"web_search_20250305","name":"web_search"}]}""", "unsupported_value", "tools[0].type")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":"a"}],"tool_choice":{"type":"any"}}""", "invalid_request", "tool_choice")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":"a"}],"mcp_servers":[{}]}""", "unsupported_value", "mcp_servers")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"assistant","content":[]},{"role":"user","content":"a"}]}""", "invalid_request", "messages[0].content")]
    public async Task Request_Refused_SaysWhereInAnthropicsForm(string body, string code, string param)
    {
        await using var server = await TestServer.StartAsync();

        using var response = await server.PostAsync(Path, body);

        await AssertErrorAsync(response, HttpStatusCode.BadRequest, "invalid_request_error", code, param);
    }

    [Fact]
    public async Task Errors_OfEachLayer_AreInAnthropicsForm()
    {
        await using var server = await TestServer.StartAsync();
        using var nowhere = await server.PostAsync(Path, Body.Replace("scripted", "claude", StringComparison.Ordinal));
        using var method = await server.Client.GetAsync(Path);
        server.Target.Refusal = new PenstockError(ErrorCode.QueueFull, "The queue is full.", RetryAfter: TimeSpan.FromSeconds(3));
        using var full = await server.PostAsync(Path, Body);

        await AssertErrorAsync(nowhere, HttpStatusCode.NotFound, "not_found_error", "model_not_found", "model");
        await AssertErrorAsync(method, HttpStatusCode.MethodNotAllowed, "invalid_request_error", "method_not_allowed", null);
        await AssertErrorAsync(full, HttpStatusCode.TooManyRequests, "rate_limit_error", "queue_full", null);
        Assert.Equal("3", full.Headers.GetValues("retry-after").Single());
    }

    [Theory]
    [InlineData("x-api-key", "secret", HttpStatusCode.OK)]
    [InlineData("x-api-key", "other", HttpStatusCode.Unauthorized)]
    [InlineData("authorization", "Bearer secret", HttpStatusCode.OK)]
    [InlineData("x-nothing", "secret", HttpStatusCode.Unauthorized)]
    public async Task Key_InAnthropicsHeader_IsRead(string header, string value, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync(
            options => options.ApiKeys = [new("k", "acme", System.Security.Cryptography.SHA256.HashData("secret"u8))], target => target.OnStart = Scripts.Hello);
        server.Client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        using var response = await server.PostAsync(Path, Body);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Count_OfAPrompt_IsWhatTheTargetPrepared()
    {
        await using var server = await TestServer.StartAsync();

        using var response = await server.PostAsync("/v1/messages/count_tokens", """{"model":"scripted","messages":[{"role":"user","content":"hi"}]}""");
        using var refused = await server.PostAsync("/v1/messages/count_tokens", """{"model":"scripted","messages":[]}""");

        Assert.Equal("""{"input_tokens":5}""", await response.Content.ReadAsStringAsync());
        await AssertErrorAsync(refused, HttpStatusCode.BadRequest, "invalid_request_error", "invalid_request", "messages");
        Assert.Empty(server.Ledger.Admitted);
    }

    private static async Task<InferenceRequest> SentAsync(string body)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello);
        using var response = await server.PostAsync(Path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return server.Target.Last!.Request;
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string type, string code, string? param)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        var root = JsonDocument.Parse(text).RootElement;
        var error = root.GetProperty("error");
        Assert.Equal(("error", type), (Text(root, "type"), Text(error, "type")));
        Assert.Equal((code, param), (Text(error.GetProperty("details"), "error_code"), Text(error.GetProperty("details"), "param")));
        Assert.NotEmpty(Text(error, "message")!);
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), Text(root, "request_id"));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
