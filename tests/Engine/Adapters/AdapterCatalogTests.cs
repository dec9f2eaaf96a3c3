using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Adapters;

/// <summary>Adapters of a target that serves: who gets which, and what happens to those whose adapter goes.</summary>
public sealed class AdapterCatalogTests
{
    private static readonly InferenceRequest Plain = Requests.Completion(new string('p', 80), 20) with { IgnoreEndOfGeneration = true, Sampling = new SamplingOptions { Temperature = 0 } };

    [Fact]
    public async Task Start_WithAdapters_EachSaysItsOwnWhateverRunsBeside()
    {
        await using var target = Target();
        InferenceRequest[] requests = [Plain, With("first"), With("first", 0.5f), With("second")];
        List<string> alone = [];
        foreach (var request in requests)
            alone.Add((await target.AnswerAsync(request)).Texts[0]);

        var crowd = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => target.AnswerAsync(requests[i % 4])));

        Assert.Equal(4, alone.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 16).Select(i => alone[i % 4]), crowd.Select(answer => answer.Texts[0]));
    }

    [Fact]
    public async Task Start_SamePromptWithAnotherAdapterOrScale_SharesNoPrefix()
    {
        await using var target = Target();
        InferenceRequest[] order = [Plain, With("first"), With("first", 0.5f), With("second"), With("first"), Plain];
        List<int> cached = [];
        foreach (var request in order)
            cached.Add((await target.AnswerAsync(request)).Summary.Tokens.Cached);

        Assert.Equal([0, 0, 0, 0, 80 - 16, 80 - 16], cached.Select(tokens => tokens / 16 * 16));
    }

    [Fact]
    public async Task PinnedPrefix_IsOfTheModelAloneAndNoAdapterTakesIt()
    {
        await using var target = new LocalTarget(
            new LocalTargetOptions { Description = Requests.Options().Description, Adapters = [new("first", SimulatedAdapters.First.Lora)] },
            new SimulatedRunner(new SimulatedRunnerOptions { MaxSequences = 80, ContextLength = 512 }),
            new ByteTokenizer(256),
            Models.Templates.BuiltInTemplates.ChatMl,
            TimeProvider.System);
        Assert.Null(await target.PinAsync(new string('s', 100), TestContext.Current.CancellationToken));
        var chat = Plain with { Kind = RequestKind.Chat, Messages = [new ChatMessage { Role = "system", Content = new string('s', 100) }, new ChatMessage { Role = "user", Content = "q" }] };

        var (plain, adapted) = (await target.AnswerAsync(chat), await target.AnswerAsync(chat with { Adapter = new("first") }));

        Assert.True(plain.Summary.Tokens.Cached > 90);
        Assert.Equal(0, adapted.Summary.Tokens.Cached);
    }

    [Theory]
    [InlineData("third", null, ErrorCode.AdapterNotFound, "has no adapter 'third'. It has first, second")]
    [InlineData("first", float.NaN, ErrorCode.InvalidRequest, "scale")]
    [InlineData("first", 101f, ErrorCode.InvalidRequest, "scale")]
    public async Task Prepare_WhatIsNotThere_IsRefusedByName(string name, float? scale, ErrorCode code, string message)
    {
        await using var target = Target();
        var refused = target.Prepare(With(name, scale)).Error!;
        Assert.Equal(code, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1f)]
    [InlineData("a/b", 1f)]
    [InlineData("first", 1f)]
    [InlineData("new", float.PositiveInfinity)]
    public async Task Load_BadNameOrScale_IsRefused(string name, float scale)
    {
        await using var target = Target();
        Assert.Equal(ErrorCode.InvalidRequest, target.Adapters.Load(name, SimulatedAdapters.First.Lora, scale).Error!.Code);
    }

    [Fact]
    public async Task Fingerprint_SaysAdapterAndScale()
    {
        await using var target = new LocalTarget(
            new LocalTargetOptions
            {
                Description = Requests.Options().Description with { Fingerprint = "sha256:00@simulated" },
                Adapters = [new("first", SimulatedAdapters.First.Lora, 0.25f)],
            },
            Simulated(),
            new ByteTokenizer(256),
            null,
            TimeProvider.System);
        var digest = SimulatedAdapters.First.Lora.Digest["sha256:".Length..][..16];

        Assert.Equal($"sha256:00@simulated+lora:{digest}@0.25", target.Prepare(With("first")).OrThrow().Fingerprint);
        Assert.Equal($"sha256:00@simulated+lora:{digest}@0.7", target.Prepare(With("first", 0.7f)).OrThrow().Fingerprint);
        Assert.Equal("sha256:00@simulated", target.Prepare(Plain).OrThrow().Fingerprint);
    }

    [Fact]
    public async Task Unload_WhileARequestRuns_ItGoesOnAndNewOnesAreRefused()
    {
        var runner = new GatedRunner(Simulated());
        await using var target = Target(runner);
        var prepared = target.Prepare(With("first")).OrThrow();
        await using var running = target.Prepare(With("first")).OrThrow().Start().OrThrow();
        await runner.StepBegunAsync();

        Assert.Null(target.Adapters.Unload("first", out var gone));

        Assert.False(gone.IsCompleted);
        Assert.Equal(ErrorCode.AdapterNotFound, target.Prepare(With("first")).Error!.Code);
        Assert.Equal(ErrorCode.AdapterNotFound, prepared.Start().Error!.Code);
        Assert.Equal(["first leaving 1", "second 0"], target.Adapters.List().Select(one => $"{one.Name} {(one.Leaving ? "leaving " : "")}{one.Requests}"));
        Assert.Equal(ErrorCode.AdapterNotFound, target.Adapters.Unload("first", out _)!.Code);

        // The name is free at once, and the two do not meet.
        Assert.True(target.Adapters.Load("first", SimulatedAdapters.Second.Lora).Ok);
        runner.Open();
        var answer = await running.ReadAllAsync();
        Assert.Equal((FinishReason.Length, 20), (answer.Summary.FinishReason, answer.Summary.Tokens.Sampled));
        await gone.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, runner.Adapters!.Bytes);
        Assert.Equal(["first 0", "second 0"], target.Adapters.List().Select(one => $"{one.Name} {one.Requests}"));
        Assert.Equal(0, (await target.AnswerAsync(With("first"))).Summary.Tokens.Cached);
    }

    [Fact]
    public async Task Unload_ItsCachedPrefixes_AreFreed()
    {
        await using var target = Target();
        await target.AnswerAsync(Plain);
        var before = target.Stats.CachedBlocks;
        await target.AnswerAsync(With("first"));
        await target.AnswerAsync(With("first", 0.5f));
        Assert.True(target.Stats.CachedBlocks > before);

        Assert.Null(target.Adapters.Unload("first", out var gone));
        await gone.WaitAsync(TestContext.Current.CancellationToken);
        await target.AnswerAsync(With("second") with { Inputs = [new PromptInput("x", null)], MaxOutputTokens = 1 });

        Assert.Equal(before, target.Stats.CachedBlocks);
    }

    [Fact]
    public async Task LoadAndUnload_UnderLoad_EveryAnswerIsRightOrRefused()
    {
        await using var target = Target(engine: new EngineOptions { Seed = 7, MaxRunning = 8 });
        var expected = (await target.AnswerAsync(With("second"))).Texts[0];
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var answered = 0;
            while (!stop.IsCancellationRequested)
            {
                if (target.Prepare(With("changing")).Value?.Start() is { Ok: true } started)
                {
                    await using var generation = started.Value;
                    Assert.Equal(expected, (await generation.ReadAllAsync()).Texts[0]);
                    answered++;
                }
            }

            return answered;
        })).ToArray();

        for (var round = 0; round < 30; round++)
        {
            Assert.True(target.Adapters.Load("changing", SimulatedAdapters.Second.Lora).Ok);
            Assert.Equal(expected, (await target.AnswerAsync(With("changing"))).Texts[0]);
            Assert.Null(target.Adapters.Unload("changing", out var gone));
            await gone.WaitAsync(TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Equal(["first", "second"], target.Adapters.List().Select(one => one.Name));
    }

    [Fact]
    public async Task Dispose_WithAnAdapterLeaving_Ends()
    {
        var runner = new GatedRunner(Simulated());
        var target = Target(runner);
        var running = target.Prepare(With("first")).OrThrow().Start().OrThrow();
        await runner.StepBegunAsync();
        Assert.Null(target.Adapters.Unload("first", out var gone));
        runner.Open();
        await target.DisposeAsync();
        await gone.WaitAsync(TestContext.Current.CancellationToken);
        await running.DisposeAsync();
    }

    private static InferenceRequest With(string adapter, float? scale = null) => Plain with { Adapter = new AdapterSelection(adapter, scale) };

    private static SimulatedRunner Simulated() => new(new SimulatedRunnerOptions { MaxSequences = 80 });

    private static LocalTarget Target(Engine.Running.IModelRunner? runner = null, EngineOptions? engine = null)
    {
        var target = Requests.Target(runner ?? Simulated(), engine: engine);
        target.Adapters.Load("first", SimulatedAdapters.First.Lora).OrThrow();
        target.Adapters.Load("second", SimulatedAdapters.Second.Lora).OrThrow();
        return target;
    }
}
