using System.Net;
using Penstock.Contracts.Records;
using Penstock.Gateway.Idempotency;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Idempotency;

/// <summary>A running answer belongs to none of its clients.</summary>
public sealed class AttachedTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leave_TheFirstWhileAnotherReads_TheAnswerGoesOn(bool stream)
    {
        await using var server = await TestServer.StartAsync(decisions: new MemoryDecisions());
        var body = stream ? Bodies.ChatStream : Bodies.Chat;
        using var leaving = new CancellationTokenSource();
        var first = Ask.Of(server.PostAsync("/v1/chat/completions", body, "k", leaving.Token), leaving.Token);
        var generation = await server.Target.Started.Reader.ReadAsync();
        generation.Say("Hello");
        var second = Ask.Of(server.PostAsync("/v1/chat/completions", body, "k"));
        await ReadersAsync(server, 2);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await ReadersAsync(server, 1);
        generation.Say(" again");
        generation.FinishChoice();
        generation.End();
        var answer = await second;

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(" again", answer.Body, StringComparison.Ordinal);
        Assert.Equal(FinishReason.Stop, (await server.Ledger.NextFinishedAsync()).FinishReason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leave_TheLast_CancelsTheGenerationAndFreesTheKey(bool stream)
    {
        var decisions = new MemoryDecisions();
        await using var server = await TestServer.StartAsync(decisions: decisions);
        var body = stream ? Bodies.ChatStream : Bodies.Chat;
        using var leaving = new CancellationTokenSource();
        var asked = Enumerable.Range(0, 3).Select(_ => Ask.Of(server.PostAsync("/v1/chat/completions", body, "k", leaving.Token), leaving.Token)).ToList();
        var generation = await server.Target.Started.Reader.ReadAsync();
        generation.Say("Hello");
        await ReadersAsync(server, 3);

        await leaving.CancelAsync();
        await generation.Cancelled;
        var record = await server.Ledger.NextFinishedAsync();
        server.Target.OnStart = Scripts.Hello;
        var again = await Ask.Of(server.PostAsync("/v1/chat/completions", body, "k"));

        Assert.Equal((FinishReason.Cancelled, FinishCause.Client), (record.FinishReason, record.FinishCause));
        Assert.False(again.Replayed);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal((1, 0), (decisions.Decided, decisions.Claimed));
        foreach (var left in asked)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        }
    }

    [Fact]
    public async Task Join_InTheMiddle_GetsWhatWasAndThenWhatComes()
    {
        await using var server = await TestServer.StartAsync(decisions: new MemoryDecisions());
        var first = Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));
        var generation = await server.Target.Started.Reader.ReadAsync();
        generation.Say("was");

        using var joined = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k");
        using var reader = new StreamReader(await joined.Content.ReadAsStreamAsync());
        Assert.Contains("assistant", await reader.ReadLineAsync(), StringComparison.Ordinal);
        await reader.ReadLineAsync();
        Assert.Contains("was", await reader.ReadLineAsync(), StringComparison.Ordinal);
        generation.Say("comes");
        await reader.ReadLineAsync();
        Assert.Contains("comes", await reader.ReadLineAsync(), StringComparison.Ordinal);
        generation.FinishChoice();
        generation.End();

        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", (await first).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_LargerThanASegment_IsReadBackFromTheStoreByOneWhoWasSlow()
    {
        var decisions = new MemoryDecisions();
        await using var server = await TestServer.StartAsync(decisions: decisions);
        var first = Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));
        var generation = await server.Target.Started.Reader.ReadAsync();

        // This one reads nothing until the answer has been made: what it has not read must hold up nobody.
        using var slow = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k");
        var text = new string('x', AnswerTape.SegmentBytes / 10);
        for (var piece = 0; piece < 100; piece++)
        {
            generation.Say($"{piece}:{text}");
        }

        generation.FinishChoice();
        generation.End();
        var whole = await first;
        var late = await slow.Content.ReadAsStringAsync();
        var replayed = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"));

        Assert.Contains("99:xxx", whole.Body, StringComparison.Ordinal);
        Assert.Equal(whole.Body, late);
        Assert.Equal(whole.Content, replayed.Content);
        Assert.InRange(decisions.Appended, 1, 10);
    }

    [Fact]
    public async Task Stop_WhileDuplicatesRead_AllGetTheWholeAnswer()
    {
        await using var server = await TestServer.StartAsync(decisions: new MemoryDecisions());
        var asked = Enumerable.Range(0, 5).Select(_ => Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "k"))).ToList();
        var generation = await server.Target.Started.Reader.ReadAsync();
        await ReadersAsync(server, 5);

        server.Drain.Begin();
        var refused = await Ask.Of(server.PostAsync("/v1/chat/completions", Bodies.ChatStream, "new"));
        Scripts.Hello(generation);
        var answers = await Task.WhenAll(asked);
        await server.Drain.Drained;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Single(answers.Select(answer => answer.Content).Distinct());
        Assert.EndsWith("data: [DONE]\n\n", answers[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_WithoutAKey_AllocatesNothing()
    {
        await using var server = await TestServer.StartAsync(decisions: new MemoryDecisions());
        var middleware = server.Idempotency(_ => Task.CompletedTask);
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        http.Request.Path = "/v1/chat/completions";
        http.Request.Method = "POST";
        http.Request.Headers["content-type"] = "application/json";
        for (var warm = 0; warm < 100; warm++)
        {
            await middleware.InvokeAsync(http);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 1000; call++)
        {
            _ = middleware.InvokeAsync(http);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static async Task ReadersAsync(TestServer server, int clients)
    {
        while (server.Readers != clients)
        {
            await Task.Yield();
        }
    }
}
