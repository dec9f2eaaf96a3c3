using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Serving;

/// <summary>Who gets in, who is refused and told what, and who is given up: with a runner that stands still until it is told to go on.</summary>
public sealed class AdmissionTests
{
    private readonly VirtualClock clock = new();

    [Fact]
    public async Task Start_DeadlineHasPassed_IsRefusedWithAReason()
    {
        await using var target = Requests.Target(Simulated(), clock);
        var prepared = target.Prepare(Ask("local", ServiceClass.Standard, deadline: TimeSpan.FromSeconds(1))).OrThrow();
        clock.Advance(TimeSpan.FromSeconds(2));
        var refused = prepared.Start();
        Assert.Equal((ErrorCode.DeadlineUnreachable, "deadline_ms"), (refused.Error!.Code, refused.Error.Param));
    }

    [Fact]
    public async Task Start_DeadlineCannotBeMet_IsRefusedAndLaterIsBetter()
    {
        var runner = new GatedRunner(Simulated());
        await using var target = Requests.Target(runner, clock);
        runner.Open();
        for (var i = 0; i < 8; i++)
            (await target.AnswerAsync(Ask("a", ServiceClass.Standard))).AssertLaws();
        runner.Shut();
        await using var running = target.Prepare(Ask("a", ServiceClass.Standard)).OrThrow().Start().OrThrow();
        await runner.StepBegunAsync();
        var waiting = Enumerable.Range(0, 20).Select(_ => target.Prepare(Ask("a", ServiceClass.Standard)).OrThrow().Start().OrThrow()).ToArray();

        // A prompt of 100 tokens takes about a third of a second here: twenty of them wait.
        var soon = TimeSpan.FromSeconds(2);
        var own = target.Prepare(Ask("a", ServiceClass.Standard, deadline: soon)).OrThrow().Start();
        Assert.Equal(ErrorCode.DeadlineUnreachable, own.Error!.Code);
        Assert.InRange(own.Error.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        var alone = target.Prepare(Ask("a", ServiceClass.Standard, deadline: TimeSpan.FromMilliseconds(20))).OrThrow().Start();
        Assert.Equal((ErrorCode.DeadlineUnreachable, null), (alone.Error!.Code, alone.Error.RetryAfter));

        // The queue is another tenant's: it does not delay this one.
        var other = target.Prepare(Ask("b", ServiceClass.Standard, deadline: soon)).OrThrow().Start().OrThrow();
        runner.Open();
        foreach (var generation in waiting)
        {
            (await generation.ReadAllAsync()).AssertLaws();
            await generation.DisposeAsync();
        }

        Assert.Equal(FinishReason.Length, (await other.ReadAllAsync()).Summary.FinishReason);
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Deadline_PassesWhileItDecodes_EndsWithWhatThereIs()
    {
        var runner = new GatedRunner(Simulated());
        await using var target = Requests.Target(runner, clock);
        await using var generation = target.Prepare(Ask("a", ServiceClass.Standard, deadline: TimeSpan.FromHours(1), output: 50)).OrThrow().Start().OrThrow();
        for (var i = 0; i < 20; i++)
        {
            await runner.StepBegunAsync();
            if (i == 19)
                clock.Advance(TimeSpan.FromHours(1));
            runner.Release();
        }

        runner.Open();
        var answer = await generation.ReadAllAsync();
        answer.AssertLaws();
        Assert.Equal((FinishReason.Deadline, FinishCause.Request), (answer.Summary.FinishReason, answer.Summary.FinishCause));
        Assert.Equal(FinishReason.Deadline, Assert.Single(answer.Finishes).FinishReason);
        Assert.InRange(answer.Summary.Tokens.Sampled, 1, 20);
        Assert.Equal(target.Stats.TotalBlocks, target.Stats.FreeBlocks);
    }

    [Fact]
    public async Task Start_QueueFull_BatchIsGivenUpThenStandardAndInteractiveStays()
    {
        var runner = new GatedRunner(Simulated());
        await using var target = Requests.Target(runner, clock, new EngineOptions { QueueCapacity = 2, MaxRunning = 1 });
        await using var running = Start(target, "a", ServiceClass.Standard);
        await runner.StepBegunAsync();
        await using var batch = Start(target, "a", ServiceClass.Batch);
        await using var standard = Start(target, "a", ServiceClass.Standard);
        Assert.Equal(ErrorCode.QueueFull, target.Prepare(Ask("a", ServiceClass.Batch)).OrThrow().Start().Error!.Code);
        await using var first = Start(target, "a", ServiceClass.Interactive);
        await using var second = Start(target, "a", ServiceClass.Interactive);
        Assert.Equal(ErrorCode.QueueFull, target.Prepare(Ask("a", ServiceClass.Interactive)).OrThrow().Start().Error!.Code);
        runner.Open();
        await AssertGivenUp(batch);
        await AssertGivenUp(standard);
        foreach (var generation in new[] { running, first, second })
            Assert.Equal(FinishReason.Length, (await generation.ReadAllAsync()).Summary.FinishReason);
        Assert.Equal((0, 0), (target.Stats.Waiting, target.Stats.Running));
    }

    [Fact]
    public async Task Start_QueueFullOfOneTenant_AnotherTakesAPlaceAndNotMoreThanItsShare()
    {
        var runner = new GatedRunner(Simulated());
        await using var target = Requests.Target(runner, clock, new EngineOptions { QueueCapacity = 4, MaxRunning = 1 });
        await using var running = Start(target, "a", ServiceClass.Standard);
        await runner.StepBegunAsync();
        var burst = Enumerable.Range(0, 4).Select(_ => Start(target, "a", ServiceClass.Standard)).ToArray();
        Assert.Equal(ErrorCode.QueueFull, target.Prepare(Ask("a", ServiceClass.Standard)).OrThrow().Start().Error!.Code);
        await using var other = Start(target, "b", ServiceClass.Standard);
        await using var another = Start(target, "b", ServiceClass.Standard);
        Assert.Equal(ErrorCode.QueueFull, target.Prepare(Ask("b", ServiceClass.Standard)).OrThrow().Start().Error!.Code);
        runner.Open();
        await AssertGivenUp(burst[3]);
        await AssertGivenUp(burst[2]);
        foreach (var generation in new[] { burst[0], burst[1], other, another })
            Assert.Equal(FinishReason.Length, (await generation.ReadAllAsync()).Summary.FinishReason);
        foreach (var generation in burst)
            await generation.DisposeAsync();
    }

    [Fact]
    public async Task Start_TenantsOwnQueueFull_OnlyThatTenantIsRefused()
    {
        var runner = new GatedRunner(Simulated());
        await using var target = Requests.Target(runner, clock, new EngineOptions { TenantQueueCapacity = 1, MaxRunning = 1 });
        await using var running = Start(target, "a", ServiceClass.Standard);
        await runner.StepBegunAsync();
        await using var waiting = Start(target, "a", ServiceClass.Standard);
        var refused = target.Prepare(Ask("a", ServiceClass.Standard)).OrThrow().Start();
        Assert.Equal(ErrorCode.QueueFull, refused.Error!.Code);
        Assert.NotNull(refused.Error.RetryAfter);
        await using var other = Start(target, "b", ServiceClass.Standard);
        runner.Open();
        Assert.Equal(FinishReason.Length, (await other.ReadAllAsync()).Summary.FinishReason);
    }

    private static async Task AssertGivenUp(IGeneration generation)
    {
        var answer = await generation.ReadAllAsync();
        answer.AssertLaws();
        Assert.Equal((FinishReason.Refused, 0), (answer.Summary.FinishReason, answer.Summary.Tokens.Prefilled));
        var error = Assert.Single(answer.Events).Error!;
        Assert.Equal(ErrorCode.QueueFull, error.Code);
        Assert.NotNull(error.RetryAfter);
    }

    private static IGeneration Start(LocalTarget target, string tenant, ServiceClass ofClass) =>
        target.Prepare(Ask(tenant, ofClass)).OrThrow().Start().OrThrow();

    private static InferenceRequest Ask(string tenant, ServiceClass ofClass, TimeSpan? deadline = null, int output = 3) =>
        Requests.Completion(new string('x', 100), output) with
        {
            Tenant = tenant,
            IgnoreEndOfGeneration = true,
            Terms = new ServiceTerms { Class = ofClass, Deadline = deadline },
        };

    private SimulatedRunner Simulated() => new(new SimulatedRunnerOptions { VocabularySize = 258, TotalBlocks = 400 }, clock);
}
