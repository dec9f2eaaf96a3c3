using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Gateway.Configuration;
using Penstock.Providers.Tests.Hosting;

namespace Penstock.Providers.Tests;

/// <summary>The catalogue of faults: each is survived or reported, never papered over.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("mock-rate-limited-once", FaultKind.RateLimited, "retry: status 429")]
    [InlineData("mock-fails-once", FaultKind.ServerError, "retry: status 500")]
    public async Task Chat_OnePassingFault_IsRetriedAndAnswered(string model, FaultKind fault, string reason)
    {
        await using var front = await FrontServer.StartAsync();
        foreach (var stream in new[] { false, true })
        {
            var (status, answer, _) = await front.AskAsync(FrontServer.Chat(model, stream));

            Assert.Equal(200, status);
            Assert.Contains("w11", answer);
            var record = await front.Ledger.NextAsync();
            if (!stream)
            {
                Assert.Equal([(AttemptOutcome.Failed, fault), (AttemptOutcome.Answered, null)], record.Attempts.Select(attempt => (attempt.Outcome, attempt.Fault)));
                Assert.Equal(["first", reason], record.Attempts.Select(attempt => attempt.Reason));
                Assert.Equal([0, 12], record.Attempts.Select(attempt => attempt.Delivered));
            }
        }
    }

    [Theory]
    [InlineData("mock-rate-limited", 429, "upstream_rate_limited", 1)]
    [InlineData("mock-overloaded", 502, "upstream_failed", 3)]
    [InlineData("mock-reset", 502, "upstream_failed", 3)]
    [InlineData("mock-context-length", 400, "context_length_exceeded", 1)]
    [InlineData("mock-content-filter", 400, "content_filter", 1)]
    [InlineData("mock-wrong-key", 502, "upstream_failed", 1)]
    [InlineData("mock-error-in-stream", 502, "upstream_failed", 3)]
    public async Task Chat_LastingFault_HasAStatusOfItsOwn(string model, int expected, string code, int attempts)
    {
        await using var front = await FrontServer.StartAsync();
        var (status, answer, response) = await front.AskAsync(FrontServer.Chat(model, stream: true));

        Assert.Equal((expected, "application/json"), (status, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains($"\"code\":\"{code}\"", answer);
        var record = await front.Ledger.NextAsync();
        Assert.Equal((code, attempts, 0), (record.ErrorCode, record.Attempts.Count, record.Tokens.Sampled));
        Assert.All(record.Attempts, attempt => Assert.Equal(AttemptOutcome.Failed, attempt.Outcome));
        Assert.Equal(expected == 400 ? (FinishReason.Refused, FinishCause.Request) : (FinishReason.Error, FinishCause.Server), (record.FinishReason, record.FinishCause));
    }

    [Fact]
    public async Task Chat_LastingRateLimit_TellsTheProvidersRetryAfterAndLeavesItAlone()
    {
        await using var front = await FrontServer.StartAsync();
        var (_, _, first) = await front.AskAsync(FrontServer.Chat("mock-rate-limited"));
        var (status, _, second) = await front.AskAsync(FrontServer.Chat("mock-rate-limited"));

        Assert.Equal("60", first.Headers.RetryAfter!.ToString());
        Assert.Equal((429, "60"), (status, second.Headers.RetryAfter!.ToString()));
        Assert.Single(front.StandIn.Calls);
    }

    [Fact]
    public async Task Chat_NoConnection_Is502()
    {
        await using var front = await FrontServer.StartAsync(target => target with { BaseUrl = new Uri("http://127.0.0.1:9/v1") });
        var (status, answer, _) = await front.AskAsync(FrontServer.Chat("mock-instant"));

        Assert.Equal(502, status);
        Assert.Contains("no connection to the provider 'primary'", answer);
        Assert.All((await front.Ledger.NextAsync()).Attempts, attempt => Assert.Equal(FaultKind.Connect, attempt.Fault));
    }

    [Theory]
    [InlineData("mock-overloaded", 1)]
    [InlineData("mock-rate-limited", 1)]
    [InlineData("mock-reset", 2)]
    [InlineData("mock-wrong-key", 1)]
    [InlineData("mock-error-in-stream", 2)]
    public async Task Chat_FirstTargetFails_TheNextAnswers(string model, int attempts)
    {
        await using var front = await FrontServer.StartAsync(routes: new RouteOptions("best", [$"primary/{model}", "spare/mock-instant"]));
        var (status, answer, _) = await front.AskAsync(FrontServer.Chat("best", stream: true));

        Assert.Equal(200, status);
        Assert.EndsWith("data: [DONE]\n\n", answer);
        var record = await front.Ledger.NextAsync();
        Assert.Equal("spare/mock-instant", record.Target);
        Assert.Equal(attempts + 1, record.Attempts.Count);
        Assert.StartsWith("fallback: ", record.Attempts[^1].Reason);
    }

    [Theory]
    [InlineData("mock-silent", false)]
    [InlineData("mock-silent", true)]
    [InlineData("mock-slow-first-token", true)]
    public async Task Chat_NoFirstTokenInTime_TheNextAnswersAndTheFirstIsLetGo(string model, bool stream)
    {
        await using var front = await FrontServer.StartAsync(target => target with { FirstTokenTimeout = TimeSpan.FromSeconds(20) }, routes: new RouteOptions("best", [$"primary/{model}", "spare/mock-instant"]));
        var asking = front.AskAsync(FrontServer.Chat("best", stream));
        await Eventually.TrueAsync(() => front.StandIn.Calls.Count == 1 && front.Time.Waits(TimeSpan.FromSeconds(20)));
        front.Time.Advance(TimeSpan.FromSeconds(20));
        var (status, _, _) = await asking;

        Assert.Equal(200, status);
        await front.StandIn.Calls[0].Ended;
        Assert.Equal((true, 0), (front.StandIn.Calls[0].Aborted, front.StandIn.Calls[0].Tokens));
        Assert.Equal([FaultKind.FirstTokenTimeout, null], (await front.Ledger.NextAsync()).Attempts.Select(attempt => attempt.Fault));
    }

    [Fact]
    public async Task Chat_NoFirstTokenInTimeAndNobodyElse_Is504()
    {
        await using var front = await FrontServer.StartAsync(target => target with { FirstTokenTimeout = TimeSpan.FromSeconds(20) });
        var asking = front.AskAsync(FrontServer.Chat("mock-slow-first-token", stream: true));
        await Eventually.TrueAsync(() => front.StandIn.Calls.Count == 1 && front.Time.Waits(TimeSpan.FromSeconds(20)));
        front.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(504, (await asking).Status);
        Assert.Equal("upstream_timeout", (await front.Ledger.NextAsync()).ErrorCode);
    }

    [Theory]
    [InlineData("mock-cut-mid-answer", FaultKind.Cut)]
    [InlineData("mock-malformed-chunk", FaultKind.Malformed)]
    public async Task Stream_BreaksInTheMiddle_EndsInAnErrorEvent(string model, FaultKind fault)
    {
        await using var front = await FrontServer.StartAsync(routes: new RouteOptions("best", [$"primary/{model}", "spare/mock-instant"]));
        var read = new TaskCompletionSource();
        front.StandIn.BeforeCut = () => read.Task;
        using var response = await front.PostAsync(FrontServer.Chat("best", stream: true));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadToAsync(reader, "w4");
        read.SetResult();
        var answer = await reader.ReadToEndAsync();

        Assert.DoesNotContain("w5", answer);
        Assert.DoesNotContain("torn", answer);
        Assert.DoesNotContain("[DONE]", answer);
        Assert.Contains("\"code\":\"upstream_failed\"", answer.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1]);
        var record = await front.Ledger.NextAsync();
        Assert.Equal((FinishReason.Error, 5, 5), (record.FinishReason, record.Tokens.Sampled, record.Tokens.DeliveredVisible));
        var attempt = Assert.Single(record.Attempts);
        Assert.Equal((fault, 5, 5), (attempt.Fault!.Value, attempt.Produced, attempt.Delivered));
        Assert.Null(attempt.Billed);
    }

    [Fact]
    public async Task Stream_Stalls_EndsInAnErrorEventAndTheProviderIsLetGo()
    {
        await using var front = await FrontServer.StartAsync(target => target with { StallTimeout = TimeSpan.FromSeconds(30) });
        using var response = await front.PostAsync(FrontServer.Chat("mock-stall", stream: true));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadToAsync(reader, "w4");

        await Eventually.TrueAsync(() => front.Time.Waits(TimeSpan.FromSeconds(30)));
        front.Time.Advance(TimeSpan.FromSeconds(30));
        var rest = await reader.ReadToEndAsync();

        Assert.Contains("upstream_timeout", rest);
        Assert.DoesNotContain("[DONE]", rest);
        await front.StandIn.Calls[0].Ended;
        Assert.Equal((FaultKind.Stall, 5), (await front.Ledger.NextAsync()).Attempts.Select(attempt => (attempt.Fault!.Value, attempt.Produced)).Single());
    }

    [Fact]
    public async Task Stream_QuietForAWhile_IsKeptAliveWithComments()
    {
        await using var front = await FrontServer.StartAsync();
        using var response = await front.PostAsync(FrontServer.Chat("mock-stall", stream: true));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadToAsync(reader, "w4");
        for (var i = 0; i < 2; i++)
        {
            await Eventually.TrueAsync(() => front.Time.Waits(TimeSpan.FromSeconds(15)));
            front.Time.Advance(TimeSpan.FromSeconds(15));
            await ReadToAsync(reader, ": keep-alive");
        }
    }

    [Fact]
    public async Task Whole_CutInTheMiddle_IsA502AndNotAskedAgain()
    {
        await using var front = await FrontServer.StartAsync();
        var (status, _, _) = await front.AskAsync(FrontServer.Chat("mock-cut-mid-answer"));

        Assert.Equal(502, status);
        Assert.Equal(AttemptOutcome.Failed, (await front.Ledger.NextAsync()).Attempts[0].Outcome);
    }

    [Fact]
    public async Task Stream_WithoutDone_IsWholeAllTheSame()
    {
        await using var front = await FrontServer.StartAsync();
        var (_, answer, _) = await front.AskAsync(FrontServer.Chat("mock-missing-done", stream: true));

        Assert.EndsWith("data: [DONE]\n\n", answer);
        Assert.Equal((FinishReason.Stop, 12), (await front.Ledger.NextAsync()) is var record ? (record.FinishReason!.Value, record.Tokens.Sampled) : default);
    }

    [Theory]
    [InlineData("mock-context-length")]
    [InlineData("mock-content-filter")]
    public async Task Chat_ContentIsRefused_IsNotRoutedAround(string model)
    {
        await using var front = await FrontServer.StartAsync(routes: new RouteOptions("best", [$"primary/{model}", "spare/mock-instant"]));
        var (status, _, _) = await front.AskAsync(FrontServer.Chat("best"));

        Assert.Equal(400, status);
        Assert.Single(front.StandIn.Calls);
    }

    [Fact]
    public async Task Chat_FallbackRefusesAPrefill_TheClientIsToldWhatTheFirstTargetSaid()
    {
        await using var front = await FrontServer.StartAsync(routes: new RouteOptions("best", ["primary/mock-overloaded", "spare/mock-refuses-prefill"]));
        var (status, answer, _) = await front.AskAsync("""{"model":"best","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Well,"}]}""");

        Assert.Equal(502, status);
        Assert.Contains("'primary' is overloaded", answer);
        var record = await front.Ledger.NextAsync();
        Assert.Equal([FaultKind.Overloaded, FaultKind.Refused], record.Attempts.Select(attempt => attempt.Fault!.Value));
        Assert.Equal(("upstream_failed", FinishReason.Error), (record.ErrorCode, record.FinishReason));
    }

    [Fact]
    public async Task Chat_FlappingFirstTarget_EveryRequestIsAnsweredAndTheBreakerOpens()
    {
        await using var front = await FrontServer.StartAsync(routes: new RouteOptions("best", ["primary/mock-flapping", "spare/mock-instant"]));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await front.AskAsync(FrontServer.Chat("best"))).Status);
        }

        Assert.InRange(front.StandIn.Calls.Count(call => call.Model == "mock-flapping"), 5, 10);
    }

    [Fact]
    public async Task Chat_DeadlineWhileTheProviderIsSilent_EndsInTime()
    {
        await using var front = await FrontServer.StartAsync();
        var asking = front.AskAsync(FrontServer.Chat("mock-silent", more: ",\"deadline_ms\":15000"));
        await Eventually.TrueAsync(() => front.StandIn.Calls.Count == 1 && front.Time.Waits(TimeSpan.FromSeconds(15)));
        front.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(503, (await asking).Status);
        Assert.Equal(FinishReason.Deadline, (await front.Ledger.NextAsync()).FinishReason);
    }

    [Fact]
    public async Task Embeddings_FirstTargetFails_TheNextAnswers()
    {
        await using var front = await FrontServer.StartAsync(routes: new RouteOptions("best", ["primary/mock-overloaded", "spare/mock-instant"]));
        var (status, _, _) = await front.AskAsync("""{"model":"best","input":"hello"}""", "/v1/embeddings");

        Assert.Equal(200, status);
        Assert.Equal(2, (await front.Ledger.NextAsync()).Attempts.Count);
    }

    [Fact]
    public async Task Embeddings_LastingFault_HasItsStatusAndItsRows()
    {
        await using var front = await FrontServer.StartAsync();
        var (status, _, _) = await front.AskAsync("""{"model":"mock-overloaded","input":"hello"}""", "/v1/embeddings");

        Assert.Equal(502, status);
        var record = await front.Ledger.NextAsync();
        Assert.Equal(("upstream_failed", 3), (record.ErrorCode, record.Attempts.Count));
    }

    private static async Task ReadToAsync(StreamReader reader, string text)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The stream ended without {text}.");
    }
}
