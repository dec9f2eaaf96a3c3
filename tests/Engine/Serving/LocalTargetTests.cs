using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;
using Penstock.Models.Templates;
using FaultKind = Penstock.Engine.Simulation.FaultKind;

namespace Penstock.Engine.Tests.Serving;

public sealed class LocalTargetTests
{
    [Fact]
    public async Task Start_Completion_SamplesToTheLimit()
    {
        await using var target = Requests.Target(Simulated());
        var answer = await target.AnswerAsync(Requests.Completion("hello", 16) with { IgnoreEndOfGeneration = true });
        answer.AssertLaws();
        Assert.Equal((FinishReason.Length, 16), (answer.Summary.FinishReason, answer.Summary.Tokens.Sampled));
        Assert.Equal(target.Stats.TotalBlocks, target.Stats.FreeBlocks);
    }

    [Fact]
    public async Task Start_SameSeed_SameTextWhateverRunsBeside()
    {
        await using var target = Requests.Target(Simulated());
        var request = Requests.Completion("hello", 40) with { Sampling = new SamplingOptions { Seed = 5 } };
        var alone = await target.AnswerAsync(request);
        var crowd = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => target.AnswerAsync(i == 6 ? request : Requests.Completion(new string('x', 10 * (i + 1)), 30))));
        Assert.Equal(alone.Texts, crowd[6].Texts);
    }

    [Fact]
    public async Task Start_SeveralChoices_PromptIsPrefilledOnceAndChoicesDiffer()
    {
        await using var target = Requests.Target(Simulated());
        var answer = await target.AnswerAsync(Requests.Completion("hello there", 30) with { Choices = 4, IgnoreEndOfGeneration = true });
        answer.AssertLaws();
        Assert.Equal((11, 120), (answer.Summary.Tokens.Prefilled, answer.Summary.Tokens.Sampled));
        Assert.Equal(4, answer.Texts.Distinct().Count());
    }

    [Fact]
    public async Task Start_SeveralChoices_FirstEqualsASingleOne()
    {
        await using var target = Requests.Target(Simulated());
        var request = Requests.Completion("hello there", 30) with { Sampling = new SamplingOptions { Seed = 3 } };
        var (single, several) = (await target.AnswerAsync(request), await target.AnswerAsync(request with { Choices = 3 }));
        Assert.Equal(single.Texts[0], several.Texts[0]);
    }

    [Fact]
    public async Task Start_QueueFull_IsRefusedWithARetryAfter()
    {
        var runner = new GatedRunner(Simulated());
        await using var target = Requests.Target(runner, engine: new EngineOptions { QueueCapacity = 2, MaxRunning = 1 });
        await using var running = target.Prepare(Requests.Completion("a")).OrThrow().Start().OrThrow();
        await runner.StepBegunAsync();
        List<IGeneration> queued = [];
        for (var i = 0; i < 2; i++)
            queued.Add(target.Prepare(Requests.Completion("b")).OrThrow().Start().OrThrow());
        var refused = target.Prepare(Requests.Completion("c")).OrThrow().Start();
        Assert.Equal(ErrorCode.QueueFull, refused.Error!.Code);
        Assert.InRange(refused.Error.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
        Assert.Equal((1, 2), (target.Stats.Running, target.Stats.Waiting));
        runner.Open();
        foreach (var generation in queued)
            await generation.DisposeAsync();
    }

    [Fact]
    public async Task Prepare_PromptAndOutputBeyondTheContext_SaysTheNumbers()
    {
        await using var target = Requests.Target(Simulated());
        var error = target.Prepare(Requests.Completion(new string('x', 500), 100)).Error!;
        Assert.Equal(ErrorCode.ContextLengthExceeded, error.Code);
        Assert.All(new[] { "512", "600", "500", "100" }, number => Assert.Contains(number, error.Message, StringComparison.Ordinal));
        Assert.True(target.Prepare(Requests.Completion(new string('x', 511), null)).Ok);
        Assert.False(target.Prepare(Requests.Completion(new string('x', 512), null)).Ok);
        Assert.Equal("prompt", error.Param);
        Assert.Equal("input", target.Prepare(Requests.Embedding(new string('x', 513))).Error!.Param);
    }

    [Fact]
    public async Task Prepare_MoreThanTheKvMemory_IsRefusedAndWithoutALimitFitted()
    {
        await using var target = Requests.Target(new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = 258, TotalBlocks = 8 }));
        Assert.Equal(ErrorCode.ContextLengthExceeded, target.Prepare(Requests.Completion("abc", 200)).Error!.Code);
        var answer = await target.AnswerAsync(Requests.Completion("abc", null) with { IgnoreEndOfGeneration = true, Choices = 2 });
        answer.AssertLaws();
        Assert.Equal(FinishReason.Length, answer.Summary.FinishReason);
        Assert.Equal(2 * (64 - 3 + 1), answer.Summary.Tokens.Sampled);
    }

    [Fact]
    public async Task Start_NoOutputLimit_StopsAtTheDefaultAndLeavesRoomForOthers()
    {
        await using var target = Requests.Target(Simulated(), engine: new EngineOptions { DefaultOutputTokens = 20 });
        var answer = await target.AnswerAsync(Requests.Completion("abc", null) with { IgnoreEndOfGeneration = true });
        Assert.Equal((FinishReason.Length, 20), (answer.Summary.FinishReason, answer.Summary.Tokens.Sampled));
        Assert.True(target.Prepare(Requests.Completion("abc", 100)).Ok);
    }

    [Fact]
    public async Task Prepare_BadInput_IsRefusedByName()
    {
        await using var target = Requests.Target(Simulated());
        Refused(Requests.Completion(""), ErrorCode.InvalidRequest, "prompt");
        Refused(Requests.Completion("a") with { Inputs = [new PromptInput(null, [258])] }, ErrorCode.InvalidRequest, "prompt");
        Refused(Requests.Completion("a") with { Inputs = [] }, ErrorCode.InvalidRequest, "input");
        Refused(Requests.Completion("a") with { Sampling = new SamplingOptions { LogitBias = new Dictionary<int, float> { [999] = 1 } } }, ErrorCode.InvalidRequest, "logit_bias");
        Refused(Requests.Completion("a", 0), ErrorCode.InvalidRequest, "max_tokens");
        Refused(Requests.Embedding("a", ""), ErrorCode.InvalidRequest, "input[1]");
        Refused(Requests.Completion("a") with { Kind = RequestKind.Chat, Messages = [] }, ErrorCode.UnsupportedValue, "messages");

        void Refused(InferenceRequest request, ErrorCode code, string param)
        {
            var error = target.Prepare(request).Error!;
            Assert.Equal((code, param), (error.Code, error.Param));
        }
    }

    [Fact]
    public async Task Prepare_ChatWithABrokenTemplate_SaysWhatIsWrongWithIt()
    {
        var broken = ChatTemplate.Parse("{% if %}", "test").Error!;
        var options = new LocalTargetOptions { Description = Requests.Options().Description, TemplateError = broken };
        await using var target = new LocalTarget(options, Simulated(), new ByteTokenizer(), null, TimeProvider.System);
        Assert.Equal(broken, target.Prepare(Requests.Completion("a") with { Kind = RequestKind.Chat, Messages = [] }).Error);
        Assert.Equal(ErrorCode.TemplateFailed, broken.Code);
    }

    [Fact]
    public async Task Start_RunnerFailsAtAStep_ThoseInItFailAndOthersGoOn()
    {
        var runner = new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = 258, Faults = [new PlantedFault(3, FaultKind.Throw)] });
        List<Exception> faults = [];
        var options = Requests.Options();
        await using var target = new LocalTarget(
            new LocalTargetOptions { Description = options.Description, Engine = options.Engine, OnFault = faults.Add }, runner, new ByteTokenizer(), null, TimeProvider.System);
        var failed = await target.AnswerAsync(Requests.Completion("hello", 16) with { IgnoreEndOfGeneration = true });
        failed.AssertLaws();
        Assert.Equal((FinishReason.Error, FinishCause.Server, 2), (failed.Summary.FinishReason, failed.Summary.FinishCause, failed.Summary.Tokens.Sampled));
        Assert.Equal(ErrorCode.RunnerFailed, failed.Events[^1].Error!.Code);
        Assert.Single(faults);
        Assert.Equal(FinishReason.Length, (await target.AnswerAsync(Requests.Completion("hello", 16) with { IgnoreEndOfGeneration = true })).Summary.FinishReason);
    }

    [Fact]
    public async Task Start_SlowReader_BlocksNobodyAndLosesNothing()
    {
        await using var target = Requests.Target(Simulated());
        await using var slow = target.Prepare(Requests.Completion("slow", 300) with { IgnoreEndOfGeneration = true }).OrThrow().Start().OrThrow();
        Assert.Equal(FinishReason.Length, (await target.AnswerAsync(Requests.Completion("fast", 300) with { IgnoreEndOfGeneration = true })).Summary.FinishReason);
        await slow.Completion;
        var answer = await slow.ReadAllAsync();
        answer.AssertLaws();
        Assert.Equal(300, answer.Events.Sum(item => item.Tokens));
    }

    [Fact]
    public async Task Start_LogProbs_OneATokenWithItsAlternatives()
    {
        await using var target = Requests.Target(Simulated());
        var answer = await target.AnswerAsync(Requests.Completion("hello", 20) with { Sampling = new SamplingOptions { Temperature = 0, TopLogProbs = 3 } });
        foreach (var logProb in answer.Events.Where(item => item.LogProbs is not null).SelectMany(item => item.LogProbs!))
        {
            Assert.Equal(3, logProb.Top.Count);
            Assert.Equal((logProb.Token, logProb.LogProb), (logProb.Top[0].Token, logProb.Top[0].LogProb));
            Assert.True(logProb.LogProb < 0);
        }
    }

    [Fact]
    public async Task Embed_SeveralInputs_UnitVectorsWhateverTheChunks()
    {
        await using var target = Requests.Target(Simulated());
        await using var chunked = Requests.Target(Simulated(), engine: new EngineOptions { GapTarget = null, StepTokenBudget = 7, MaxRunning = 4 });
        var request = Requests.Embedding("first", "the second, which is longer", "first");
        var (whole, parts) = (await EmbedAsync(target, request), await EmbedAsync(chunked, request));
        Assert.Equal(3, whole.Vectors.Count);
        Assert.Equal(whole.Vectors[0], whole.Vectors[2]);
        Assert.Equal(whole.Vectors.SelectMany(vector => vector), parts.Vectors.SelectMany(vector => vector));
        Assert.All(whole.Vectors, vector => Assert.Equal(1, vector.Sum(value => (double)value * value), 5));
        Assert.Equal((37, 37), (whole.Summary.Tokens.Prompt, whole.Summary.Tokens.Prefilled));
    }

    [Fact]
    public async Task Embed_Cancelled_StopsWithinAStepAndSaysWhatWasComputed()
    {
        var runner = new GatedRunner(Simulated());
        await using var target = Requests.Target(runner, engine: new EngineOptions { GapTarget = null, StepTokenBudget = 64 });
        using var cancel = new CancellationTokenSource();
        var embedding = target.Prepare(Requests.Embedding(new string('x', 200), "other")).OrThrow().EmbedAsync(cancel.Token);
        await runner.StepBegunAsync();
        runner.Release();
        await runner.StepBegunAsync();
        await cancel.CancelAsync();
        runner.Open();
        var result = (await embedding).OrThrow();
        Assert.Empty(result.Vectors);
        Assert.Equal((FinishReason.Cancelled, 205, 64, 141), (result.Summary.FinishReason, result.Summary.Tokens.Prompt, result.Summary.Tokens.Prefilled, result.Summary.Tokens.NotReached));
    }

    [Fact]
    public async Task WarmUp_ThenDrain_ReadyOnlyBetween()
    {
        await using var target = Requests.Target(Simulated());
        Assert.False(target.Ready);
        Assert.Null(await target.WarmUpAsync(TestContext.Current.CancellationToken));
        Assert.True(target.Ready);
        await using var last = target.Prepare(Requests.Completion("last", 40)).OrThrow().Start().OrThrow();
        await target.DrainAsync(TestContext.Current.CancellationToken);
        Assert.False(target.Ready);
        Assert.True(last.Completion.IsCompletedSuccessfully);
        Assert.Equal(ErrorCode.Unavailable, target.Prepare(Requests.Completion("late")).OrThrow().Start().Error!.Code);
    }

    [Fact]
    public async Task Pin_SystemPrompt_IsSharedByEveryTenantsChats()
    {
        const string system = "You are the assistant of a shop that sells shoes, hats and umbrellas.";
        var runner = new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = 258, MaxSequences = 80 });
        var template = ChatTemplate.Parse("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", "test").OrThrow();
        await using var target = new LocalTarget(Requests.Options(), runner, new ByteTokenizer(258), template, TimeProvider.System);
        Assert.Null(await target.PinAsync(system, TestContext.Current.CancellationToken));
        foreach (var tenant in new[] { "a", "b" })
        {
            var answer = await target.AnswerAsync(Requests.Completion("") with
            {
                Tenant = tenant,
                Kind = RequestKind.Chat,
                Messages = [new ChatMessage { Role = "system", Content = system }, new ChatMessage { Role = "user", Content = $"I am {tenant}." }],
            });
            Assert.Equal(80, answer.Summary.Tokens.Cached);
        }

        Assert.Equal(ErrorCode.ContextLengthExceeded, (await target.PinAsync(new string('x', 600), TestContext.Current.CancellationToken))!.Code);
    }

    [Fact]
    public async Task Prepare_WhatTheTemplateCannotShow_IsRefusedOrDeclared()
    {
        var template = ChatTemplate.Parse("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", "test").OrThrow();
        await using var target = new LocalTarget(Requests.Options(), Simulated(), new ByteTokenizer(258), template, TimeProvider.System);
        var chat = Requests.Completion("") with
        {
            Kind = RequestKind.Chat,
            Messages = [new ChatMessage { Role = "user", Content = "Look." }, new ChatMessage { Role = "tool", ToolCallId = "1", Content = "no", ToolFailed = true }],
        };
        var seen = chat with { Messages = [chat.Messages[0] with { Attachments = [new Attachment { Kind = AttachmentKind.Image, Url = "https://example.test/a.png" }] }] };

        Assert.Equal(["messages[1].is_error"], target.Prepare(chat).OrThrow().Losses.Select(loss => loss.Param));
        var refusal = target.Prepare(seen).Error!;
        Assert.Equal((ErrorCode.UnsupportedValue, "messages[0].content"), (refusal.Code, refusal.Param));
    }

    private static SimulatedRunner Simulated() => new(new SimulatedRunnerOptions { VocabularySize = 258 });

    private static async Task<Contracts.Targets.EmbeddingResult> EmbedAsync(LocalTarget target, InferenceRequest request) =>
        (await target.Prepare(request).OrThrow().EmbedAsync(TestContext.Current.CancellationToken)).OrThrow();
}
