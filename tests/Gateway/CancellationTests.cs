using Penstock.Contracts.Records;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

/// <summary>A client that leaves, in every phase, streaming and not: the generation is cancelled at once and the record says what was lost.</summary>
public sealed class CancellationTests
{
    public static TheoryData<string, string, bool> Forms()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var stream in new[] { true, false })
        {
            data.Add("/v1/chat/completions", stream ? Bodies.ChatStream : Bodies.Chat, stream);
            data.Add("/v1/completions", stream ? Bodies.CompletionStream : Bodies.Completion, stream);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Leave_WhileQueued_NothingWasReached(string path, string body, bool stream)
    {
        var record = await LeaveAsync(path, body, stream, _ => { });

        Assert.Equal(RequestPhase.Schedule, record.FinishPhase);
        Assert.Equal(record.Tokens.Prompt, record.Tokens.NotReached);
        Assert.Equal(0, record.Tokens.Sampled);
        Assert.Equal(TimeSpan.Zero, record.Phases.Prefill);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Leave_WhilePrefilling_NothingWasSampled(string path, string body, bool stream)
    {
        var record = await LeaveAsync(path, body, stream, generation => generation.Prefill());

        Assert.Equal(RequestPhase.Prefill, record.FinishPhase);
        Assert.Equal(0, record.Tokens.Sampled);
        Assert.Equal(TimeSpan.Zero, record.Phases.Decode);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Leave_BeforeTheFirstTokenIsShown_CountsItAsDiscarded(string path, string body, bool stream)
    {
        var record = await LeaveAsync(path, body, stream, generation =>
        {
            generation.Prefill();
            generation.HoldBack();
        });

        Assert.Equal(1, record.Tokens.Sampled);
        Assert.Equal(1, record.Tokens.DiscardedCancelled);
        Assert.Null(record.TimeToFirstToken);
    }

    [Fact]
    public async Task Leave_WhileStreaming_CountsWhatWasFlushedAsDelivered()
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = generation => generation.Say("one"));
        using var leave = new CancellationTokenSource();
        var response = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream, leave.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (!(await reader.ReadLineAsync())!.Contains("one", StringComparison.Ordinal))
        {
            // Until the token has arrived.
        }

        var generation = server.Target.Last!;
        generation.HoldBack();
        response.Dispose();
        await generation.Cancelled.WaitAsync(TimeSpan.FromSeconds(30));
        var record = await server.Ledger.NextFinishedAsync();

        Assert.Equal(FinishReason.Cancelled, record.FinishReason);
        Assert.Equal(FinishCause.Client, record.FinishCause);
        Assert.Null(record.ErrorCode);
        Assert.Equal(RequestPhase.Decode, record.FinishPhase);
        Assert.Equal(2, record.Tokens.Sampled);
        Assert.Equal(1, record.Tokens.DeliveredVisible);
        Assert.Equal(1, record.Tokens.DiscardedCancelled);
        Assert.NotNull(record.TimeToFirstToken);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Bodies.Chat)]
    [InlineData("/v1/completions", Bodies.Completion)]
    public async Task Leave_WhileDecodingAWholeAnswer_NothingWasDelivered(string path, string body)
    {
        var record = await LeaveAsync(path, body, stream: false, generation =>
        {
            generation.Say("one");
            generation.Say("two");
        });

        Assert.Equal(RequestPhase.Decode, record.FinishPhase);
        Assert.Equal(2, record.Tokens.Sampled);
        Assert.Equal(0, record.Tokens.DeliveredVisible);
        Assert.Equal(2, record.Tokens.Discarded);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Bodies.Chat)]
    [InlineData("/v1/chat/completions", Bodies.ChatStream)]
    [InlineData("/v1/completions", Bodies.Completion)]
    [InlineData("/v1/completions", Bodies.CompletionStream)]
    [InlineData("/v1/embeddings", Bodies.Embedding)]
    public async Task Leave_WhileTheLedgerAdmits_NothingIsStarted(string path, string body)
    {
        await using var server = await TestServer.StartAsync();
        var admitting = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        server.Ledger.BeforeAdmission = () =>
        {
            admitting.SetResult();
            return go.Task;
        };
        using var leave = new CancellationTokenSource();
        var left = server.LeftAsync();
        var request = server.PostAsync(path, body, leave.Token);
        await admitting.Task;
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await left;
        go.SetResult();
        var record = await server.Ledger.NextFinishedAsync();

        Assert.Equal(RequestPhase.Admit, record.FinishPhase);
        Assert.Equal(FinishReason.Cancelled, record.FinishReason);
        Assert.Equal(record.Tokens.Prompt, record.Tokens.NotReached);
        Assert.False(server.Target.Started.Reader.TryRead(out _));
        Assert.False(server.Target.Embedding.Task.IsCompleted);
    }

    private static async Task<RequestRecord> LeaveAsync(string path, string body, bool stream, Action<ScriptedGeneration> before)
    {
        await using var server = await TestServer.StartAsync(script: target => target.OnStart = before);
        using var leave = new CancellationTokenSource();
        var request = server.PostAsync(path, body, leave.Token);
        var generation = await server.Target.Started.Reader.ReadAsync();
        if (stream)
        {
            (await request).Dispose();
        }
        else
        {
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        }

        await generation.Cancelled.WaitAsync(TimeSpan.FromSeconds(30));
        var record = await server.Ledger.NextFinishedAsync();
        Assert.Equal(FinishReason.Cancelled, record.FinishReason);
        Assert.Equal(FinishCause.Client, record.FinishCause);
        Assert.Null(record.ErrorCode);
        Assert.Equal(stream, record.Stream);
        return record;
    }
}
