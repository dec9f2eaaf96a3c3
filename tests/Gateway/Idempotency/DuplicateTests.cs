using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Idempotency;

/// <summary>One key, many requests: one is run, and all get the same answer.</summary>
public sealed class DuplicateTests
{
    private const string Message = """{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""";
    private const string MessageStream = """{"model":"scripted","stream":true,"max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""";
    private const string Response = """{"model":"scripted","input":"hi"}""";
    private const string ResponseStream = """{"model":"scripted","stream":true,"input":"hi"}""";

    public static TheoryData<string, string> Forms => new()
    {
        { "/v1/chat/completions", Bodies.Chat },
        { "/v1/chat/completions", Bodies.ChatStream },
        { "/v1/completions", Bodies.Completion },
        { "/v1/completions", Bodies.CompletionStream },
        { "/v1/messages", Message },
        { "/v1/messages", MessageStream },
        { "/v1/responses", Response },
        { "/v1/responses", ResponseStream },
        { "/v1/embeddings", Bodies.Embedding },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Post_AgainWithTheSameKey_ReplaysTheBytesAndRunsNothing(string path, string body)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello, decisions: new MemoryDecisions());

        var first = await Ask.Of(server.PostAsync(path, body, "k"));
        var second = await Ask.Of(server.PostAsync(path, body, "k"));
        var other = await Ask.Of(server.PostAsync(path, body, "other"));

        Assert.False(first.Replayed);
        Assert.True(second.Replayed);
        Assert.Equal(first.Content, second.Content);
        Assert.NotEqual(first.RequestId, other.RequestId);
        Assert.Equal(2, server.Ledger.Admitted.Count);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Post_WithAKey_IsTheAnswerThatItIsWithout(string path, string body)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello, decisions: new MemoryDecisions());

        var plain = await Ask.Of(server.PostAsync(path, body));
        var keyed = await Ask.Of(server.PostAsync(path, body, "k"));

        Assert.Equal((plain.Status, plain.Type), (keyed.Status, keyed.Type));
        Assert.Equal(WithoutIds(plain), WithoutIds(keyed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_TwoHundredAtOnce_OneIsRunAndAllGetTheSameBytes(bool stream)
    {
        var started = new TaskCompletionSource<ScriptedGeneration>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation => started.SetResult(generation), decisions: new MemoryDecisions());
        var body = stream ? Bodies.ChatStream : Bodies.Chat;

        var asked = Enumerable.Range(0, 200).Select(_ => Ask.Of(server.PostAsync("/v1/chat/completions", body, "k"))).ToList();
        var generation = await started.Task;
        for (var token = 0; token < 20; token++)
        {
            generation.Say($"token {token} ");
            await Task.Yield();
        }

        generation.FinishChoice();
        generation.End();
        var answers = await Task.WhenAll(asked);

        Assert.Single(answers.Select(answer => answer.Content).Distinct());
        Assert.Single(answers, answer => !answer.Replayed);
        Assert.Contains("token 19", answers[0].Body, StringComparison.Ordinal);
        Assert.Single(server.Ledger.Admitted);
    }

    [Fact]
    public async Task Post_SameKeyElsewhere_IsAnotherKey()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello, decisions: new MemoryDecisions());

        var chat = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.Chat, "k"));
        var completion = await Ask.Of(server.PostAsync("/v1/completions/", Bodies.Completion, "k"));
        var again = await Ask.Of(server.PostAsync("/V1/completions", Bodies.Completion, "k"));

        Assert.NotEqual(chat.Body, completion.Body);
        Assert.Equal(completion.Content, again.Content);
    }

    [Fact]
    public async Task Post_WithoutAStore_TheHeaderMeansNothing()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello);

        var first = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.Chat, "k"));
        var second = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.Chat, "k"));

        Assert.NotEqual(first.RequestId, second.RequestId);
    }

    // Answers have the ids of their requests in them, and the second in which they were made.
    private static string WithoutIds(Ask answer) => System.Text.RegularExpressions.Regex.Replace(
        answer.Body.Replace(answer.RequestId["req_".Length..], "ID", StringComparison.Ordinal),
        "\"(created|created_at|completed_at)\":[0-9]+",
        "TIME",
        System.Text.RegularExpressions.RegexOptions.None,
        TimeSpan.FromSeconds(5));
}
