using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Responses;

/// <summary>The events of Responses.</summary>
public sealed class ResponseStreamTests
{
    private const string Body = """{"model":"scripted","store":false,"input":"hi"}""";
    private const string StreamBody = """{"model":"scripted","store":false,"stream":true,"input":"hi"}""";

    [Fact]
    public async Task Stream_ThinkingTextAndCalls_IsNumberedAndInOrder()
    {
        var events = await StreamAsync(Scripts.ThinkSayCall);

        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(item => item.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(
            [
                "response.created", "response.in_progress",
                "response.output_item.added", "response.content_part.added", "response.reasoning_text.delta", "response.reasoning_text.done", "response.content_part.done", "response.output_item.done",
                "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done",
                "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done",
                "response.output_item.added", "response.function_call_arguments.done", "response.output_item.done",
                "response.completed",
            ],
            events.Select(Type));
        var delta = events.First(item => Type(item) == "response.function_call_arguments.delta");
        Assert.Equal((2, "{\"city\": "), (delta.GetProperty("output_index").GetInt32(), delta.GetProperty("delta").GetString()));
        Assert.All(events.Where(item => Type(item) == "response.output_text.delta"), item => Assert.Equal((1, 0), (item.GetProperty("output_index").GetInt32(), item.GetProperty("content_index").GetInt32())));
    }

    [Fact]
    public async Task Stream_ItsEnd_IsTheWholeAnswer()
    {
        var end = (await StreamAsync(Scripts.ThinkSayCall))[^1].GetProperty("response");
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.ThinkSayCall);
        using var response = await server.PostAsync("/v1/responses", Body);
        var whole = await response.JsonAsync();

        Assert.Equal(Anonymous(whole), Anonymous(end));

        static string Anonymous(JsonElement answer) => answer.GetRawText().Replace(answer.GetProperty("id").GetString()![5..], "ID", StringComparison.Ordinal)
            .Replace($"\"created_at\":{answer.GetProperty("created_at")}", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_FailsAfterAToken_EndsInAFailedResponse()
    {
        var events = await StreamAsync(generation =>
        {
            generation.Say("a");
            generation.Fail(new PenstockError(ErrorCode.RunnerFailed, "It failed."));
        });

        Assert.Equal("response.failed", Type(events[^1]));
        var error = events[^1].GetProperty("response").GetProperty("error");
        Assert.Equal(("server_error", "It failed.", "runner_failed"), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString(), error.GetProperty("penstock_code").GetString()));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(item => item.GetProperty("sequence_number").GetInt32()));
    }

    private static async Task<List<JsonElement>> StreamAsync(Action<ScriptedGeneration> script)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = script);
        using var response = await server.PostAsync("/v1/responses", StreamBody);
        var text = await response.Content.ReadAsStringAsync();
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split("\ndata: ")).ToList();
        var data = events.Select(item => JsonDocument.Parse(item[1]).RootElement).ToList();
        Assert.Equal(data.Select(Type), events.Select(item => item[0]["event: ".Length..]));
        return data;
    }

    private static string? Type(JsonElement item) => item.GetProperty("type").GetString();
}
