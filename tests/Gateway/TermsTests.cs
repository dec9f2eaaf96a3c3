using System.Text.Json;
using Microsoft.Extensions.AI;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Gateway.InProcess;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

/// <summary>What a request asks of the scheduler reaches the target, the record and, where it belongs, the answer.</summary>
public sealed class TermsTests
{
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData("auto", ServiceClass.Standard, "default")]
    [InlineData("default", ServiceClass.Standard, "default")]
    [InlineData("flex", ServiceClass.Batch, "flex")]
    [InlineData("priority", ServiceClass.Interactive, "priority")]
    public async Task ServiceTier_BecomesAClass_AndIsAnswered(string tier, ServiceClass expected, string served)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Answer);

        using var response = await server.PostAsync(Chat, With($"\"service_tier\":\"{tier}\""));
        var answer = await response.JsonAsync();

        Assert.Equal(served, answer.GetProperty("service_tier").GetString());
        Assert.Equal(expected, server.Target.Last!.Request.Terms.Class);
        Assert.Equal(expected, (await server.Ledger.NextFinishedAsync()).Class);
    }

    [Fact]
    public async Task Terms_OfAChat_ReachTheTarget()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Answer);

        using var response = await server.PostAsync(
            Chat, With("\"class\":\"batch\",\"priority\":-3,\"deadline_ms\":1500,\"cache_salt\":\"team\",\"deterministic\":true"));
        await response.JsonAsync();

        Assert.Equal(
            new ServiceTerms { Class = ServiceClass.Batch, Priority = -3, Deadline = TimeSpan.FromMilliseconds(1500), CacheSalt = "team", Deterministic = true },
            server.Target.Last!.Request.Terms);
    }

    [Fact]
    public async Task Answer_WithoutExtensions_HasNoneOfTheirFields()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Answer);

        using var response = await server.PostAsync(Chat, With("\"seed\":1"));
        var answer = await response.JsonAsync();

        Assert.False(answer.TryGetProperty("service_tier", out _));
        Assert.False(answer.TryGetProperty("penstock", out _));
        Assert.Equal(ServiceTerms.Default, server.Target.Last!.Request.Terms);
    }

    [Theory]
    [InlineData("/v1/chat/completions", false)]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/completions", false)]
    [InlineData("/v1/completions", true)]
    public async Task Receipt_WhenAskedFor_EndsTheAnswer(string path, bool stream)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Answer);

        using var response = await server.PostAsync(path, With($"\"prompt\":\"x\",\"receipt\":true,\"stream\":{(stream ? "true" : "false")}"));
        var receipt = stream ? Chunks(await response.Content.ReadAsStringAsync())[^1] : await response.JsonAsync();

        Assert.Equal("sha256:feed", receipt.GetProperty("penstock").GetProperty("fingerprint").GetString());
        Assert.True(receipt.GetProperty("penstock").TryGetProperty("digest", out _));
        Assert.Equal(stream, !receipt.TryGetProperty("usage", out _));
    }

    [Fact]
    public async Task ChatClient_AdditionalProperties_AreTerms()
    {
        var target = new ScriptedTarget(TimeProvider.System) { OnStart = Answer };
        using var client = new PenstockChatClient(target);
        var options = new ChatOptions { AdditionalProperties = new() { ["class"] = "interactive", ["deadline_ms"] = 900, ["other"] = new object() } };

        await client.GetResponseAsync([new(ChatRole.User, "hi")], options);
        options.AdditionalProperties["class"] = "urgent";
        var refused = await Assert.ThrowsAsync<PenstockException>(() => client.GetResponseAsync([new(ChatRole.User, "hi")], options));

        Assert.Equal(new ServiceTerms { Class = ServiceClass.Interactive, Deadline = TimeSpan.FromMilliseconds(900) }, target.Last!.Request.Terms);
        Assert.Equal("class", refused.Error.Param);
    }

    private static void Answer(ScriptedGeneration generation)
    {
        generation.Say("Hello");
        generation.FinishChoice();
        generation.End();
    }

    private static string With(string fields) => $$"""{"model":"scripted","messages":[{"role":"user","content":"x"}],{{fields}}}""";

    private static JsonElement[] Chunks(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(part => !part.EndsWith("[DONE]", StringComparison.Ordinal)).Select(part => JsonDocument.Parse(part["data: ".Length..]).RootElement)];
}
