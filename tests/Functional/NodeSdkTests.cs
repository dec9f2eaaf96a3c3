using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;
using Penstock.Tests.Support;

namespace Penstock.Functional.Tests;

/// <summary>The official clients of OpenAI and Anthropic for JavaScript, unmodified, against pebble.</summary>
public sealed class NodeSdkTests(PebbleServer server) : IClassFixture<PebbleServer>
{
    private static readonly string Clients = TestData.InRepository("tests", "Functional", "clients");

    [Fact]
    public async Task Client_ChatsStreamsAndCancels()
    {
        var answer = await RunAsync("chat.mjs");

        var whole = answer.GetProperty("whole").GetString();
        Assert.Contains("time to first token", whole);
        Assert.Equal(whole, answer.GetProperty("streamed").GetString());
        Assert.Equal(["role", "text", "finish", "usage"], answer.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()));
        Assert.True(JsonElement.DeepEquals(answer.GetProperty("usage"), answer.GetProperty("streamUsage")));
        // The client hands out what it had received before the abort.
        Assert.InRange(answer.GetProperty("beforeAbort").GetInt32(), 3, 1000);
        Assert.Equal("""{"name":"NotFoundError","status":404,"code":"model_not_found","param":"model"}""", answer.GetProperty("refusal").GetRawText());
        Assert.Equal(256, answer.GetProperty("embeddingWidth").GetInt32());
        Assert.Equal("pebble", answer.GetProperty("models")[0].GetString());
        var record = await server.RecordAsync(record => record.FinishReason == FinishReason.Cancelled);
        Assert.True(record.Tokens.Sampled < 1500);
    }

    [Fact]
    public async Task AnthropicClient_ChatsStreamsCallsAndCancels()
    {
        var answer = await RunAsync("messages.mjs");

        var whole = answer.GetProperty("whole").GetString();
        Assert.Contains("time to first token", whole);
        Assert.Equal("end_turn", answer.GetProperty("stopReason").GetString());
        Assert.Equal((whole, whole), (answer.GetProperty("streamed").GetString(), answer.GetProperty("finalText").GetString()));
        Assert.Equal(answer.GetProperty("usage").GetRawText(), answer.GetProperty("streamUsage").GetRawText());
        Assert.Equal(answer.GetProperty("usage")[0].GetInt32(), answer.GetProperty("count").GetInt32());
        Assert.Equal(
            ["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"],
            answer.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()));
        Assert.Equal("""{"reason":"tool_use","name":"weather","city":"string"}""", answer.GetProperty("called").GetRawText());
        Assert.True(JsonElement.DeepEquals(answer.GetProperty("calledWhole"), answer.GetProperty("calledInStream")));
        Assert.Contains(answer.GetProperty("answered").GetString(), new[] { "end_turn", "max_tokens" });
        Assert.InRange(answer.GetProperty("beforeAbort").GetInt32(), 3, 1000);
        Assert.Equal("""{"name":"NotFoundError","status":404,"type":"not_found_error","errorCode":"model_not_found","hasId":true}""", answer.GetProperty("refusal").GetRawText());
        var record = await server.RecordAsync(record => record.FinishReason == FinishReason.Cancelled);
        Assert.True(record.Tokens.Sampled < 1500);
    }

    [Fact]
    public async Task Client_AsksForResponses()
    {
        var answer = await RunAsync("responses.mjs");

        var whole = answer.GetProperty("whole").GetString();
        Assert.Contains("time to first token", whole);
        Assert.Equal("completed", answer.GetProperty("status").GetString());
        Assert.Equal((whole, whole), (answer.GetProperty("streamed").GetString(), answer.GetProperty("finalText").GetString()));
        Assert.Equal(answer.GetProperty("usage").GetRawText(), answer.GetProperty("streamUsage").GetRawText());
        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.done",
                "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            answer.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()));
        Assert.Equal("""{"name":"weather","city":"string"}""", answer.GetProperty("called").GetRawText());
        Assert.Contains(answer.GetProperty("answered").GetString(), new[] { "completed", "incomplete" });
        Assert.Equal("string", answer.GetProperty("shaped").GetString());
        Assert.Equal("""{"name":"BadRequestError","status":400,"code":"unsupported_value","param":"previous_response_id"}""", answer.GetProperty("refusal").GetRawText());
    }

    private async Task<JsonElement> RunAsync(string script)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Clients, "node_modules", "openai")) && Directory.Exists(Path.Combine(Clients, "node_modules", "@anthropic-ai")),
            "Needs Node.js 20 or newer and the official clients: cd tests/Functional/clients && npm ci");
        using var node = Start(script);
        Assert.SkipUnless(node is not null, "Needs Node.js 20 or newer: install it so that 'node' can be run.");
        var output = await node.StandardOutput.ReadToEndAsync();
        var errors = await node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    private Process? Start(string script)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("node", [script, server.Address.ToString()])
            {
                WorkingDirectory = Clients,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
