using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Engine.Running;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Serving;

public sealed class CancellationTests : IDisposable
{
    private readonly SimulatedRunner simulated = new(new SimulatedRunnerOptions { VocabularySize = 258 });

    public void Dispose() => simulated.Dispose();

    [Fact]
    public async Task Cancel_WhileQueued_NothingIsComputed()
    {
        var runner = new GatedRunner(simulated);
        await using var target = Requests.Target(runner, engine: new EngineOptions { MaxRunning = 1 });
        await using var first = Start(target, "first", 3);
        await runner.StepBegunAsync();
        await using var second = Start(target, "second", 3);
        second.Cancel();
        runner.Open();
        var answer = await second.ReadAllAsync();
        answer.AssertLaws();
        Assert.Equal((FinishReason.Cancelled, FinishCause.Client, RequestPhase.Schedule), Ending(answer));
        Assert.Equal((6, 0), (answer.Summary.Tokens.NotReached, answer.Summary.Tokens.Sampled));
        Assert.Equal(FinishReason.Cancelled, Assert.Single(answer.Finishes).FinishReason);
    }

    [Fact]
    public async Task Cancel_DuringPrefillAlone_AbortsTheStep()
    {
        var runner = new GatedRunner(simulated);
        await using var target = Requests.Target(runner, engine: new EngineOptions { GapTarget = null, StepTokenBudget = 64 });
        await using var generation = Start(target, new string('x', 300), 3);
        await runner.StepBegunAsync();
        generation.Cancel();
        Assert.True(runner.Abort!.Raised);
        runner.Release();
        var answer = await generation.ReadAllAsync();
        answer.AssertLaws();
        Assert.Equal(StepOutcome.Aborted, runner.LastOutcome);
        Assert.Equal((FinishReason.Cancelled, FinishCause.Client, RequestPhase.Prefill), Ending(answer));
        Assert.Equal((0, 300), (answer.Summary.Tokens.Prefilled, answer.Summary.Tokens.NotReached));
        Assert.Equal(1, target.Stats.Steps);
        Assert.Equal(target.Stats.TotalBlocks, target.Stats.FreeBlocks);
    }

    [Fact]
    public async Task Cancel_DuringPrefillBesideAnother_TheOtherGoesOnAndOneStepIsComputed()
    {
        var runner = new GatedRunner(simulated);
        await using var target = Requests.Target(runner, engine: new EngineOptions { GapTarget = null, StepTokenBudget = 64 });
        await using var other = Start(target, "ab", 20);
        await runner.StepBegunAsync();
        await using var cancelled = Start(target, new string('x', 300), 3);
        runner.Release();
        await runner.StepBegunAsync();
        cancelled.Cancel();
        Assert.False(runner.Abort!.Raised);
        runner.Open();
        var answer = await cancelled.ReadAllAsync();
        answer.AssertLaws();
        Assert.Equal((63, 237), (answer.Summary.Tokens.Prefilled, answer.Summary.Tokens.NotReached));
        var rest = await other.ReadAllAsync();
        rest.AssertLaws();
        Assert.Equal(20, rest.Summary.Tokens.Sampled);
    }

    [Fact]
    public async Task Cancel_DuringDecodeBesideAnother_OneTokenIsDiscarded()
    {
        var runner = new GatedRunner(simulated);
        await using var target = Requests.Target(runner);
        await using var other = Start(target, "ab", 20);
        await runner.StepBegunAsync();
        await using var cancelled = Start(target, "cd", 20);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            runner.Release();
            await runner.StepBegunAsync();
        }

        cancelled.Cancel();
        runner.Open();
        var answer = await cancelled.ReadAllAsync();
        answer.AssertLaws();
        Assert.Equal((FinishReason.Cancelled, FinishCause.Client, RequestPhase.Decode), Ending(answer));
        Assert.Equal((3, 1), (answer.Summary.Tokens.Sampled, answer.Summary.Tokens.DiscardedCancelled));
        Assert.Equal(20, (await other.ReadAllAsync()).Summary.Tokens.Sampled);
    }

    [Fact]
    public async Task Cancel_BeforeTheFirstToken_AtMostThatTokenIsDiscarded()
    {
        var runner = new GatedRunner(simulated);
        await using var target = Requests.Target(runner);
        await using var other = Start(target, "ab", 5);
        await using var cancelled = Start(target, "cd", 5);
        await runner.StepBegunAsync();
        cancelled.Cancel();
        runner.Open();
        var answer = await cancelled.ReadAllAsync();
        answer.AssertLaws();
        Assert.Equal(answer.Summary.Tokens.Sampled, answer.Summary.Tokens.DiscardedCancelled);
        Assert.InRange(answer.Summary.Tokens.Sampled, 0, 1);
    }

    [Fact]
    public async Task Dispose_WhileRunning_CancelsAndReturns()
    {
        await using var target = Requests.Target(simulated);
        var generation = Start(target, "endless", 400);
        Assert.True(await generation.WaitToReadAsync(TestContext.Current.CancellationToken));
        await generation.DisposeAsync();
        await generation.DisposeAsync();
        Assert.True(generation.Completion.IsCompletedSuccessfully);
        Assert.Equal(0, target.Stats.Running);
    }

    [Fact]
    public async Task TargetDisposed_WhileRunning_RequestsEndAsUnavailable()
    {
        var runner = new GatedRunner(simulated);
        var target = Requests.Target(runner, engine: new EngineOptions { MaxRunning = 1 });
        var (running, waiting) = (Start(target, "a", 400), Start(target, "b", 400));
        await runner.StepBegunAsync();
        var disposing = target.DisposeAsync();
        runner.Open();
        await disposing;
        foreach (var generation in new[] { running, waiting })
        {
            var answer = await generation.ReadAllAsync();
            answer.AssertLaws();
            Assert.Equal(Contracts.Errors.ErrorCode.Unavailable, Assert.Single(answer.Events, item => item.Kind == GenerationEventKind.Error).Error!.Code);
            await generation.DisposeAsync();
        }

        Assert.Equal(Contracts.Errors.ErrorCode.Unavailable, target.Prepare(Requests.Completion("c")).OrThrow().Start().Error!.Code);
    }

    private static IGeneration Start(LocalTarget target, string prompt, int tokens) =>
        target.Prepare(Requests.Completion(prompt, tokens) with { IgnoreEndOfGeneration = true }).OrThrow().Start().OrThrow();

    private static (FinishReason Reason, FinishCause Cause, RequestPhase Phase) Ending(Answer answer) =>
        (answer.Summary.FinishReason, answer.Summary.FinishCause, answer.Summary.FinishPhase);
}
