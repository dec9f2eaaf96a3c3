using Microsoft.Extensions.AI;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Targets;
using Penstock.Gateway.InProcess;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

public sealed class PenstockChatClientTests : IDisposable
{
    private readonly ScriptedTarget target = new(TimeProvider.System);
    private readonly MemoryLedger ledger = new();
    private readonly PenstockChatClient client;

    public PenstockChatClientTests() => client = new PenstockChatClient(target, ledger);

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task GetResponse_MapsOptionsAndReportsUsage()
    {
        target.OnStart = generation =>
        {
            generation.Say("Hel");
            generation.Say("lo");
            generation.FinishChoice();
            generation.End();
        };

        var response = await client.GetResponseAsync(
            [new(ChatRole.User, "hi")],
            new ChatOptions { Temperature = 0.5f, TopP = 0.9f, TopK = 7, Seed = -1, MaxOutputTokens = 9, StopSequences = ["x"], Instructions = "be brief" });
        var record = await ledger.NextFinishedAsync();

        Assert.Equal("Hello", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal("scripted", response.ModelId);
        Assert.Equal(5, response.Usage!.InputTokenCount);
        Assert.Equal(3, response.Usage.OutputTokenCount);
        var request = target.Last!.Request;
        Assert.Equal(["system", "user"], request.Messages!.Select(message => message.Role));
        Assert.Equal(0.5f, request.Sampling.Temperature);
        Assert.Equal(7, request.Sampling.TopK);
        Assert.Equal(ulong.MaxValue, request.Sampling.Seed);
        Assert.Equal(9, request.MaxOutputTokens);
        Assert.Equal(FinishReason.Stop, record.FinishReason);
        Assert.Equal(3, record.Tokens.DeliveredVisible);
        Assert.Null(record.ApiKeyId);
    }

    [Fact]
    public async Task Stream_BrokenOff_CancelsAndRecordsWhatWasRead()
    {
        target.OnStart = generation =>
        {
            generation.Say("one");
            generation.Say("two");
            generation.Say("three");
        };

        await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "hi")]))
        {
            if (update.Text == "two")
            {
                break;
            }
        }

        var record = await ledger.NextFinishedAsync();
        Assert.True(target.Last!.Cancelled.IsCompleted);
        Assert.True(record.Stream);
        Assert.Equal(FinishReason.Cancelled, record.FinishReason);
        Assert.Equal(FinishCause.Client, record.FinishCause);
        Assert.Equal(3, record.Tokens.Sampled);
        Assert.Equal(1, record.Tokens.DeliveredVisible);
    }

    [Fact]
    public async Task GetResponse_TokenCancelled_ThrowsAndRecords()
    {
        using var cancel = new CancellationTokenSource();
        var response = client.GetResponseAsync([new(ChatRole.User, "hi")], cancellationToken: cancel.Token);
        var generation = await target.Started.Reader.ReadAsync();
        generation.Prefill();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response);
        var record = await ledger.NextFinishedAsync();

        Assert.Equal(FinishReason.Cancelled, record.FinishReason);
        Assert.Equal(RequestPhase.Prefill, record.FinishPhase);
    }

    [Fact]
    public async Task GetResponse_QueueFull_IsAPenstockExceptionWithTheValue()
    {
        target.Refusal = new PenstockError(ErrorCode.QueueFull, "full", RetryAfter: TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<PenstockException>(() => client.GetResponseAsync([new(ChatRole.User, "hi")]));

        Assert.Equal(ErrorCode.QueueFull, failure.Error.Code);
        Assert.Equal(FinishReason.Refused, (await ledger.NextFinishedAsync()).FinishReason);
    }

    [Fact]
    public async Task GetResponse_RunnerFails_ThrowsAndRecordsTheCode()
    {
        target.OnStart = generation => generation.Fail(new PenstockError(ErrorCode.RunnerFailed, "broken"));

        var failure = await Assert.ThrowsAsync<PenstockException>(() => client.GetResponseAsync([new(ChatRole.User, "hi")]));
        var record = await ledger.NextFinishedAsync();

        Assert.Equal("broken", failure.Message);
        Assert.Equal("runner_failed", record.ErrorCode);
    }

    [Theory]
    [InlineData(ThrowsAt.Read)]
    [InlineData(ThrowsAt.LaterWait)]
    [InlineData(ThrowsAt.Completion)]
    public async Task GetResponse_TargetThrows_IsTheServersError(ThrowsAt place)
    {
        target.OnStart = generation =>
        {
            generation.Say("one");
            if (place == ThrowsAt.Completion)
            {
                generation.End();
            }
        };
        using var broken = new PenstockChatClient(new TargetThatThrows(target) { At = place }, ledger);

        await Assert.ThrowsAnyAsync<Exception>(() => broken.GetResponseAsync([new(ChatRole.User, "hi")]));
        var record = await ledger.NextFinishedAsync();

        Assert.Equal((FinishReason.Error, FinishCause.Server), (record.FinishReason, record.FinishCause));
        Assert.Equal("internal_error", record.ErrorCode);
    }

    [Fact]
    public async Task Stream_BrokenOffAndTheTargetNeverLetsGo_TheRowGetsItsEnd()
    {
        target.OnStart = generation => generation.Say("one");
        using var broken = new PenstockChatClient(new TargetThatThrows(target) { At = ThrowsAt.Cancel }, ledger, new HastyTime());

        await foreach (var _ in broken.GetStreamingResponseAsync([new(ChatRole.User, "hi")]))
        {
            break;
        }

        Assert.Equal(FinishReason.Error, (await ledger.NextFinishedAsync()).FinishReason);
    }

    [Fact]
    public async Task GetResponse_TokenCancelledWhileTheLedgerAdmits_NothingWasSampled()
    {
        using var cancel = new CancellationTokenSource();
        ledger.BeforeAdmission = () => cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync([new(ChatRole.User, "hi")], cancellationToken: cancel.Token));
        var record = await ledger.NextFinishedAsync();

        Assert.Equal((FinishReason.Cancelled, FinishCause.Client), (record.FinishReason, record.FinishCause));
        Assert.Equal(record.Tokens.Prompt, record.Tokens.NotReached);
    }

    public static TheoryData<ChatOptions, string> Refused { get; } = new()
    {
        { new() { ToolMode = ChatToolMode.RequireAny }, "ToolMode" },
        { new() { ModelId = "other" }, "ModelId" },
        { new() { ConversationId = "c" }, "ConversationId" },
        { new() { Temperature = float.NaN }, "Temperature" },
        { new() { MaxOutputTokens = 0 }, "MaxOutputTokens" },
        { new() { StopSequences = [""] }, "StopSequences" },
    };

    [Fact]
    public async Task GetResponse_WhatCannotBeDone_IsRefusedByName()
    {
        foreach (var row in Refused)
        {
            var (options, param) = row.Data;
            var failure = await Assert.ThrowsAsync<PenstockException>(() => client.GetResponseAsync([new(ChatRole.User, "hi")], options));
            Assert.Equal(param, failure.Error.Param);
        }

        Assert.Equal(0, target.Prepared);
    }

    [Fact]
    public void GetService_GivesMetadataTargetAndItself()
    {
        Assert.Equal("scripted", ((ChatClientMetadata)client.GetService(typeof(ChatClientMetadata))!).DefaultModelId);
        Assert.Same(target, client.GetService(typeof(IInferenceTarget)));
        Assert.Same(client, client.GetService(typeof(IChatClient)));
        Assert.Null(client.GetService(typeof(string)));
    }

    [Fact]
    public async Task GetResponse_ToolsAndResults_AreMapped()
    {
        target.OnStart = generation => generation.End();

        await client.GetResponseAsync(
            [
                new(ChatRole.User, "weather?"),
                new(ChatRole.Assistant, [new FunctionCallContent("c1", "get_weather", new Dictionary<string, object?> { ["city"] = "Oslo" })]),
                new(ChatRole.Tool, [new FunctionResultContent("c1", "rain")]),
            ],
            new ChatOptions { Tools = [AIFunctionFactory.Create((string city) => city, "get_weather")] });

        var request = target.Last!.Request;
        Assert.Equal("get_weather", request.Tools.Single().Name);
        Assert.Equal("""{"city":"Oslo"}""", request.Messages![1].ToolCalls.Single().ArgumentsJson);
        Assert.Equal("c1", request.Messages[2].ToolCallId);
        Assert.Equal("rain", request.Messages[2].Content);
    }
}
