using System.Net;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Idempotency;

/// <summary>A store that fails or waits: nothing is run twice, and nobody has an answer whole that is not on disk.</summary>
public sealed class StoreFaultTests
{
    [Theory]
    [InlineData("/v1/chat/completions", "ledger_failed")]
    [InlineData("/v1/messages", "overloaded_error")]
    public async Task Claim_StoreIsFull_IsA503AndNothingIsRun(string path, string says)
    {
        var decisions = new MemoryDecisions { Before = FailsAt("claim") };
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello, decisions: decisions);

        var answer = await Ask.Of(server.PostAsync(path, Bodies.ChatStream, "k"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains(says, answer.Body, StringComparison.Ordinal);
        Assert.Empty(server.Ledger.Admitted);
    }

    [Fact]
    public async Task Decide_StoreWaits_TheClientHasEverythingButTheEnd()
    {
        var (reached, open) = (new TaskCompletionSource(), new TaskCompletionSource());
        var decisions = new MemoryDecisions
        {
            Before = async call =>
            {
                if (call == "decide")
                {
                    reached.SetResult();
                    await open.Task;
                }
            },
        };
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello, decisions: decisions);

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await reached.Task;
        for (var line = ""; !line.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal);)
        {
            line = (await reader.ReadLineAsync())!;
        }

        var rest = reader.ReadToEndAsync();
        Assert.False(rest.IsCompleted);
        open.SetResult();
        Assert.Equal("\ndata: [DONE]\n\n", await rest);
    }

    [Fact]
    public async Task Decide_StoreIsFullForAWhile_TheAnswerWaitsAndIsRunOnce()
    {
        var failures = 0;
        var decisions = new MemoryDecisions { Before = call => call == "decide" && failures++ < 2 ? throw MemoryDecisions.Full() : Task.CompletedTask };
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello, decisions: decisions);

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.Chat, "k"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer.Content).Distinct());
        Assert.Single(server.Ledger.Admitted);
    }

    [Fact]
    public async Task Decide_ClaimWasLost_TheAnswerIsNotCompleted()
    {
        var decisions = new MemoryDecisions();
        decisions.Before = call =>
        {
            if (call == "decide")
            {
                decisions.Forget(1);
            }

            return Task.CompletedTask;
        };
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello, decisions: decisions);

        var stream = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));

        Assert.Contains("Hello", stream.Body, StringComparison.Ordinal);
        Assert.Contains("unavailable", stream.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", stream.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_StoreIsFull_TheStreamEndsInAnErrorAndTheKeyIsFree()
    {
        var decisions = new MemoryDecisions { Before = FailsAt("append") };
        await using var server = await TestServer.StartAsync(decisions: decisions);
        var asked = Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));
        var generation = await server.Target.Started.Reader.ReadAsync();
        for (var piece = 0; piece < 20; piece++)
        {
            generation.Say(new string('x', 50_000));
        }

        Scripts.Hello(generation);
        var answer = await asked;

        Assert.Contains("internal_error", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Body, StringComparison.Ordinal);
        Assert.Equal((0, 0), (decisions.Claimed, decisions.Decided));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Claim_HeldByAnotherGateway_WaitsForItsAnswer(bool decided)
    {
        // Two gateways over one store.
        var decisions = new MemoryDecisions();
        await using var one = await TestServer.StartAsync(decisions: decisions);
        var (asks, waits) = (0, new TaskCompletionSource());
        await using var other = await TestServer.StartAsync(script: target => target.OnStart = Scripts.Hello, decisions: decisions);
        var first = Ask.Of(one.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));
        var generation = await one.Target.Started.Reader.ReadAsync();
        decisions.Before = call =>
        {
            if (call == "claim" && ++asks == 3)
            {
                waits.SetResult();
            }

            return Task.CompletedTask;
        };

        var second = Ask.Of(other.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));
        await waits.Task;
        Assert.Empty(other.Ledger.Admitted);
        if (decided)
        {
            generation.Say("mine");
            generation.FinishChoice();
            generation.End();
            Assert.Equal((await first).Content, (await second).Content);
            Assert.True((await second).Replayed);
        }
        else
        {
            generation.Fail(new(Contracts.Errors.ErrorCode.RunnerFailed, "It broke."));
            Assert.Contains("Hello", (await second).Body, StringComparison.Ordinal);
            Assert.False((await second).Replayed);
            Assert.NotEqual((await first).Content, (await second).Content);
        }
    }

    private static Func<string, Task> FailsAt(string place) => call => call == place ? throw MemoryDecisions.Full() : Task.CompletedTask;
}
