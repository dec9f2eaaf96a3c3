using System.Net;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Responses;

/// <summary>OpenAI's Responses over HTTP: whole answers, what is read of a request, refusals.</summary>
public sealed class ResponsesTests
{
    private const string Path = "/v1/responses";
    private const string Body = """{"model":"scripted","store":false,"input":"hi","temperature":0.5}""";

    [Fact]
    public async Task Whole_ThinkingTextAndCalls_AreOutputItems()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.ThinkSayCall);

        using var response = await server.PostAsync(Path, Body);
        var answer = await response.JsonAsync();

        var id = response.Headers.GetValues("x-request-id").Single()[4..];
        Assert.Equal($"resp_{id}", answer.GetProperty("id").GetString());
        Assert.Equal(
            """
            [{"id":"rs_ID_0","type":"reasoning","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"Hm."}]},{"id":"msg_ID_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"Let me \"see\"."}]},{"id":"fc_ID_2","type":"function_call","status":"completed","call_id":"a1","name":"weather","arguments":"{\"city\": \"Oslo\"}"},{"id":"fc_ID_3","type":"function_call","status":"completed","call_id":"a2","name":"now","arguments":""}]
            """.Replace("ID", id, StringComparison.Ordinal),
            answer.GetProperty("output").GetRawText());
        Assert.Equal(
            """{"input_tokens":5,"input_tokens_details":{"cached_tokens":0},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":12}""",
            answer.GetProperty("usage").GetRawText());
        Assert.Equal(("completed", "response", 0.5), (answer.GetProperty("status").GetString(), answer.GetProperty("object").GetString(), answer.GetProperty("temperature").GetDouble()));
        Assert.Equal("""{"format":{"type":"text"}}""", answer.GetProperty("text").GetRawText());
        Assert.False(response.Headers.Contains("penstock-warnings"));
    }

    [Fact]
    public async Task Whole_AtTheLimit_IsIncomplete()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("a");
            generation.FinishChoice(reason: FinishReason.Length);
            generation.End(FinishReason.Length);
        });

        using var response = await server.PostAsync(Path, Body);
        var answer = await response.JsonAsync();

        Assert.Equal("incomplete", answer.GetProperty("status").GetString());
        Assert.Equal("""{"reason":"max_output_tokens"}""", answer.GetProperty("incomplete_details").GetRawText());
        Assert.Equal("incomplete", answer.GetProperty("output")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Request_Items_BecomeMessages()
    {
        var request = await SentAsync("""
            {"model":"scripted","store":false,"instructions":"s","max_output_tokens":20,"top_p":0.5,"user":"u","reasoning":{"effort":"none"},"parallel_tool_calls":false,
            "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}},"tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true}],
            "tool_choice":{"type":"function","name":"f"},
            "input":[{"role":"developer","content":"d"},{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_text","text":"b"}]},
              {"type":"reasoning","id":"rs_1","summary":[],"content":[{"type":"reasoning_text","text":"t"}],"encrypted_content":"e"},
              {"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"c","annotations":[]}]},
              {"type":"function_call","call_id":"1","name":"f","arguments":"{}"},{"type":"function_call","call_id":"2","name":"f","arguments":"{}"},
              {"type":"function_call_output","call_id":"1","output":"r"},{"type":"function_call_output","call_id":"2","output":[{"type":"input_text","text":"q"}]}]}
            """);

        Assert.Equal(
            ["system:s", "developer:d", "user:ab", "assistant:c", "tool:r", "tool:q"], request.Messages!.Select(message => $"{message.Role}:{message.Content}"));
        var assistant = request.Messages![3];
        Assert.Equal(("t", "e"), (assistant.ReasoningContent, assistant.ReasoningSignature));
        Assert.Equal([new ToolCall("1", "f", "{}"), new ToolCall("2", "f", "{}")], assistant.ToolCalls);
        Assert.Equal("""{"type":"function","function":{"name":"f","parameters":{"type":"object"},"strict":true}}""", Assert.Single(request.Tools).Json.GetRawText());
        Assert.Equal(new ToolChoice(ToolChoiceMode.Required, "f", Parallel: false), request.ToolChoice);
        Assert.Equal((ConstraintKind.JsonSchema, "text.format.schema", """{"type":"object"}"""), (request.Constraint!.Kind, request.Constraint.Param, request.Constraint.Source));
        Assert.Equal((20, "u", """{"enable_thinking":false}"""), (request.MaxOutputTokens, request.EndUser, request.TemplateArguments!.Value.GetRawText()));
    }

    [Fact]
    public async Task Warnings_WhatIsLetGo_IsNamedEntryByEntry()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello);

        using var response = await server.PostAsync(Path, """{"model":"scripted","input":"hi","reasoning":{"effort":"low","summary":"auto"},"truncation":"auto","include":["reasoning.encrypted_content"]}""");

        Assert.Equal(["reasoning.summary", "reasoning.effort", "store", "truncation", "include[0]"], response.Headers.GetValues("penstock-warnings").Select(warning => warning.Split(':')[0]));
    }

    [Theory]
    [InlineData("""{"model":"scripted"}""", "invalid_request", "input")]
    [InlineData("""{"model":"scripted","input":[]}""", "invalid_request", "input")]
    [InlineData("""{"model":"scripted","input":"hi","previous_response_id":"resp_1"}""", "unsupported_value", "previous_response_id")]
    [InlineData("""{"model":"scripted","input":"hi","store":true}""", "unsupported_value", "store")]
    [InlineData("""{"model":"scripted","input":"hi","background":true}""", "unsupported_value", "background")]
    [InlineData("""{"model":"scripted","input":[{"type":"item_reference","id":"x"}]}""", "unsupported_value", "input[0].type")]
    [InlineData("""{"model":"scripted","input":[{"role":"user","content":[{"type":"input_image","image_url":"x"}]}]}""", "invalid_request", "input[0].content[0].image_url")]
    [InlineData("""{"model":"scripted","input":[{"role":"user","content":[{"type":"input_file","file_id":"x"}]}]}""", "unsupported_value", "input[0].content[0].file_id")]
    [InlineData("""{"model":"scripted","input":"hi","tools":[{"type":"web_search"}]}""", "unsupported_value", "tools[0].type")]
    [InlineData("""{"model":"scripted","input":"hi","tool_choice":"required"}""", "invalid_request", "tool_choice")]
    public async Task Request_Refused_SaysWhere(string body, string code, string param)
    {
        await using var server = await TestServer.StartAsync();

        using var response = await server.PostAsync(Path, body);

        await response.ErrorAsync(HttpStatusCode.BadRequest, code, param);
    }

    private static async Task<InferenceRequest> SentAsync(string body)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello);
        using var response = await server.PostAsync(Path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return server.Target.Last!.Request;
    }
}
