using System.Net;
using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

/// <summary>What goes wrong on the server's side: the client always learns it, and so does the record.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task Queue_Full_Is429WithRetryAfterAndARefusedRecord()
    {
        await using var server = await TestServer.StartAsync(script: target =>
            target.Refusal = new PenstockError(ErrorCode.QueueFull, "The queue is full.", RetryAfter: TimeSpan.FromSeconds(2.5)));

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream);
        var record = await server.Ledger.NextFinishedAsync();

        await response.ErrorAsync(HttpStatusCode.TooManyRequests, "queue_full");
        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter!.Delta);
        Assert.Equal(FinishReason.Refused, record.FinishReason);
        Assert.Equal(FinishCause.Server, record.FinishCause);
        Assert.Equal("queue_full", record.ErrorCode);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Bodies.Chat)]
    [InlineData("/v1/embeddings", Bodies.Embedding)]
    public async Task Prepare_Objects_Is400AndARefusedRecordUnderTheIdOfTheAnswer(string path, string body)
    {
        await using var server = await TestServer.StartAsync(script: target =>
            target.Objection = new PenstockError(ErrorCode.ContextLengthExceeded, "Too long.", "messages"));

        using var response = await server.PostAsync(path, body);
        var record = await server.Ledger.NextFinishedAsync();

        await response.ErrorAsync(HttpStatusCode.BadRequest, "context_length_exceeded", "messages");
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), record.RequestId);
        Assert.Equal((FinishReason.Refused, "context_length_exceeded"), (record.FinishReason, record.ErrorCode));
        Assert.Empty(server.Ledger.Admitted);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Bodies.Chat)]
    [InlineData("/v1/completions", Bodies.CompletionStream)]
    [InlineData("/v1/embeddings", Bodies.Embedding)]
    public async Task Ledger_FailsAtAdmission_Is503AndNothingRuns(string path, string body)
    {
        await using var server = await TestServer.StartAsync();
        server.Ledger.FailsAtAdmission = true;

        using var response = await server.PostAsync(path, body);

        await response.ErrorAsync(HttpStatusCode.ServiceUnavailable, "ledger_failed");
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.False(server.Target.Started.Reader.TryRead(out _));
    }

    [Theory]
    [InlineData("/v1/chat/completions", Bodies.Chat)]
    [InlineData("/v1/chat/completions", Bodies.ChatStream)]
    [InlineData("/v1/completions", Bodies.Completion)]
    [InlineData("/v1/embeddings", Bodies.Embedding)]
    public async Task Ledger_HasNotStoredTheEnd_NoClientHasItsWholeAnswer(string path, string body)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("fine");
            generation.FinishChoice();
            generation.End();
        });
        var (reached, stored) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Ledger.BeforeTheEnd = () =>
        {
            reached.SetResult();
            return stored.Task;
        };

        using var response = await server.PostAsync(path, body);
        var whole = response.Content.ReadAsStringAsync();
        await reached.Task;
        Assert.False(whole.IsCompleted);
        stored.SetResult();
        var text = await whole;
        var record = await server.Ledger.NextFinishedAsync();

        Assert.EndsWith(body == Bodies.ChatStream ? "data: [DONE]\n\n" : "}", text);
        Assert.Equal(FinishReason.Stop, record.FinishReason);
        Assert.Equal(record.Tokens.Sampled, record.Tokens.DeliveredVisible);
    }

    [Fact]
    public async Task Ledger_FailsAtTheEnd_TheAnswerStillGoesOut()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("fine");
            generation.FinishChoice();
            generation.End();
        });
        server.Ledger.FailsAtTheEnd = true;

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream);

        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Runner_FailsInMidStream_IsAnErrorEventAndNoDone()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("so far");
            generation.Fail(new PenstockError(ErrorCode.RunnerFailed, "The runner broke."));
        });

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream);
        var text = await response.Content.ReadAsStringAsync();
        var record = await server.Ledger.NextFinishedAsync();

        Assert.EndsWith("""data: {"error":{"message":"The runner broke.","type":"server_error","param":null,"code":"runner_failed"}}""" + "\n\n", text);
        Assert.DoesNotContain("[DONE]", text);
        Assert.Equal(FinishReason.Error, record.FinishReason);
        Assert.Equal("runner_failed", record.ErrorCode);
        Assert.Equal(1, record.Tokens.DeliveredVisible);
    }

    [Fact]
    public async Task Runner_FailsBeforeAWholeAnswer_Is500()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("so far");
            generation.Fail(new PenstockError(ErrorCode.RunnerFailed, "The runner broke."));
        });

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.Chat);
        await response.ErrorAsync(HttpStatusCode.InternalServerError, "runner_failed");
        var record = await server.Ledger.NextFinishedAsync();

        Assert.Equal(0, record.Tokens.DeliveredVisible);
        Assert.Equal(1, record.Tokens.Discarded);
    }

    [Fact]
    public async Task Drain_TimeIsUp_EndsTheStreamWithAnErrorAndBlamesTheServer()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation => generation.Say("one"));
        using var response = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream);
        var generation = await server.Target.Started.Reader.ReadAsync();

        server.Drain.Begin();
        server.Drain.EndNow();
        var text = await response.Content.ReadAsStringAsync();
        var record = await server.Ledger.NextFinishedAsync();

        Assert.Contains("\"code\":\"unavailable\"", text);
        Assert.True(generation.Cancelled.IsCompleted);
        Assert.Equal(FinishReason.Error, record.FinishReason);
        Assert.Equal(FinishCause.Server, record.FinishCause);
    }

    [Fact]
    public async Task Drain_TimeIsUp_EmbeddingIsAnErrorAndNoEmptyAnswer()
    {
        await using var server = await TestServer.StartAsync(script: target => target.EmbedsForever = true);
        var running = server.PostAsync("/v1/embeddings", Bodies.Embedding);
        await server.Target.Embedding.Task;

        server.Drain.Begin();
        server.Drain.EndNow();
        using var response = await running;
        var record = await server.Ledger.NextFinishedAsync();

        await response.ErrorAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal((FinishReason.Error, "unavailable"), (record.FinishReason, record.ErrorCode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Response_CannotBeWritten_TheRecordIsFinished(bool refused)
    {
        await using var server = await TestServer.StartAsync(
            script: target =>
            {
                target.Refusal = refused ? new PenstockError(ErrorCode.QueueFull, "The queue is full.") : null;
                target.OnStart = generation => generation.End();
            },
            responseBody: new UnwritableStream());

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.Chat);

        Assert.Equal(refused ? FinishReason.Refused : FinishReason.Stop, (await server.Ledger.NextFinishedAsync()).FinishReason);
    }

    [Fact]
    public async Task Stream_FailsInsideAChunk_OnlyWholeEventsGoOut()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation =>
        {
            generation.Say("so far", logProbs: [null!]);
            generation.End();
        });

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream);
        var text = await response.Content.ReadAsStringAsync();

        Assert.All(
            text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries),
            item => JsonDocument.Parse(item["data: ".Length..]).Dispose());
        Assert.Contains("internal_error", text);
    }

    [Fact]
    public async Task Drain_RunningRequest_MayFinishWhileNewOnesAreRefused()
    {
        await using var server = await TestServer.StartAsync();
        var running = server.PostAsync("/v1/chat/completions", Bodies.Chat);
        var generation = await server.Target.Started.Reader.ReadAsync();

        server.Drain.Begin();
        await (await server.PostAsync("/v1/chat/completions", Bodies.Chat)).ErrorAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        await (await server.PostAsync("/v1/embeddings", Bodies.Embedding)).ErrorAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        var ready = await server.Client.GetAsync("/health/ready");
        generation.Say("done");
        generation.FinishChoice();
        generation.End();
        using var response = await running;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(FinishReason.Stop, (await server.Ledger.NextFinishedAsync()).FinishReason);
    }
}
