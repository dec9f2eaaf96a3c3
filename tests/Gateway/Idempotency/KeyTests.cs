using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Idempotency;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Idempotency;

/// <summary>Which keys there are, and which answers they keep.</summary>
public sealed class KeyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("tab\there")]
    [InlineData("two", "keys")]
    public void Read_NoKey_SaysWhatIsAllowed(params string[] values) => Assert.Equal(ErrorCode.InvalidRequest, IdempotencyKey.Read(values).Error!.Code);

    [Fact]
    public void Read_LongestKey_IsTakenAndOneMoreIsNot()
    {
        Assert.True(IdempotencyKey.Read(new string('k', 255)).Ok);
        Assert.False(IdempotencyKey.Read(new string('k', 256)).Ok);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "POST", "/v1/chat/completions")]
    [InlineData("/V1/Embeddings/", "POST", "/v1/embeddings")]
    [InlineData("/v1/messages", "HEAD", null)]
    [InlineData("/v1/messages/count_tokens", "POST", null)]
    [InlineData("/tokenize", "POST", null)]
    public void PathOf_AnyRequest_IsTheEndpointOrNothing(string path, string method, string? endpoint)
    {
        var http = new DefaultHttpContext();
        (http.Request.Path, http.Request.Method) = (path, method);

        Assert.Equal(endpoint, IdempotencyKey.PathOf(http.Request));
    }

    [Theory]
    [InlineData("/v1/chat/completions", "error", "code")]
    [InlineData("/v1/messages", "error", "details")]
    public async Task Post_TooLongAKey_IsA400InTheSurfacesForm(string path, string member, string inside)
    {
        await using var server = await TestServer.StartAsync(decisions: new MemoryDecisions());

        var answer = await Ask.Of(server.PostAsync(path, Bodies.Chat, new string('k', 256)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(JsonDocument.Parse(answer.Body).RootElement.GetProperty(member).TryGetProperty(inside, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_AnotherBody_IsA422WhetherTheFirstRunsOrHasEnded(bool ended)
    {
        await using var server = await TestServer.StartAsync(decisions: new MemoryDecisions());
        var first = Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.Chat, "k"));
        var generation = await server.Target.Started.Reader.ReadAsync();
        if (ended)
        {
            Scripts.Hello(generation);
            await first;
        }

        var other = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Contains("idempotency_key_reused", other.Body, StringComparison.Ordinal);
        if (!ended)
        {
            Scripts.Hello(generation);
        }

        Assert.Equal(HttpStatusCode.OK, (await first).Status);
    }

    [Theory]
    [InlineData(ErrorCode.ContextLengthExceeded, true)]
    [InlineData(ErrorCode.ModelNotFound, true)]
    [InlineData(ErrorCode.KeyScope, false)]
    [InlineData(ErrorCode.QueueFull, false)]
    [InlineData(ErrorCode.Unavailable, false)]
    [InlineData(ErrorCode.RunnerFailed, false)]
    public async Task Post_Refused_IsADecisionUnlessAnotherTryMayHelp(ErrorCode code, bool decision)
    {
        var decisions = new MemoryDecisions();
        await using var server = await TestServer.StartAsync(script: target => target.Refusal = new(code, "No."), decisions: decisions);

        var refused = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));
        server.Target.Refusal = null;
        server.Target.OnStart = Scripts.Hello;
        var again = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));

        Assert.Equal(ErrorTable.For(code).Status, (int)refused.Status);
        Assert.Equal(decision, again.Replayed);
        Assert.Equal(decision, refused.Content == again.Content);
        Assert.Equal(0, decisions.Claimed);
    }

    [Fact]
    public async Task Post_BadRequest_IsADecision()
    {
        await using var server = await TestServer.StartAsync(decisions: new MemoryDecisions());

        var first = await Ask.Of(server.PostAsync("/v1/chat/completions", "{}", "k"));
        var second = await Ask.Of(server.PostAsync("/v1/chat/completions", "{}", "k"));

        Assert.Equal(HttpStatusCode.BadRequest, first.Status);
        Assert.True(second.Replayed);
        Assert.Equal(first.Content, second.Content);
    }

    [Fact]
    public async Task Post_BodyTooLarge_ClaimsNothing()
    {
        var decisions = new MemoryDecisions();
        await using var server = await TestServer.StartAsync(options => options.MaxBodyBytes = 1024, decisions: decisions);

        var answer = await Ask.Of(server.PostAsync("/v1/chat/completions", new string(' ', 2000), "k"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal(0, decisions.Claimed + decisions.Decided);
    }

    [Fact]
    public async Task Stream_ThatEndsInAnError_IsNoDecision()
    {
        await using var server = await TestServer.StartAsync(decisions: new MemoryDecisions());
        var first = Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));
        var generation = await server.Target.Started.Reader.ReadAsync();
        generation.Say("Half");
        generation.Fail(new(ErrorCode.RunnerFailed, "It broke."));
        Assert.Contains("runner_failed", (await first).Body, StringComparison.Ordinal);

        server.Target.OnStart = Scripts.Hello;
        var again = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));

        Assert.False(again.Replayed);
        Assert.EndsWith("data: [DONE]\n\n", again.Body, StringComparison.Ordinal);
    }
}
