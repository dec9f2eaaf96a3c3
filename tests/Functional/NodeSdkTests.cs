using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;
using Penstock.Tests.Support;

namespace Penstock.Functional.Tests;

/// <summary>OpenAI's official client for JavaScript, unmodified, against pebble.</summary>
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

    private async Task<JsonElement> RunAsync(string script)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Clients, "node_modules")),
            "Needs Node.js 20 or newer and the openai client: cd tests/Functional/clients && npm ci");
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
