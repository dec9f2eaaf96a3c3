using FsCheck;
using FsCheck.Fluent;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;
using FaultKind = Penstock.Engine.Simulation.FaultKind;

namespace Penstock.Engine.Tests.Serving;

/// <summary>Random requests, cancels and faults over the whole engine: the laws of tokens hold for every ending, no block is lost, and who is not hit says what it says alone.</summary>
public sealed class EngineLawsTests
{
    private static readonly FaultKind[] Kinds = [FaultKind.Fail, FaultKind.Throw, FaultKind.Abort, FaultKind.Slow, FaultKind.NotANumber, FaultKind.OutOfBlocks, FaultKind.Hang];

    [Fact]
    public void AnyRequests_WithCancelsAndFaults_LawsHold() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(new Random(seed)).GetAwaiter().GetResult()));

    private static async Task RunAsync(Random random)
    {
        var clock = new VirtualClock();
        var runner = new SimulatedRunner(
            new SimulatedRunnerOptions
            {
                VocabularySize = 258,
                TotalBlocks = 40,
                MaxSequences = 6,
                Faults = [.. Enumerable.Range(0, random.Next(5)).Select(_ => new PlantedFault(random.Next(1, 80), Kinds[random.Next(Kinds.Length)]))],
            },
            clock);
        var target = Requests.Target(runner, clock, new EngineOptions { StepTokenBudget = random.Next(6, 80), MaxRunning = random.Next(3, 7) });
        var requests = Enumerable.Range(0, 12).Select(_ => Request(random)).ToArray();
        var cancels = requests.Select(_ => random.Next(3) == 0 ? random.Next(30) : int.MaxValue).ToArray();
        var answers = await Task.WhenAll(requests.Select((request, i) => AnswerAsync(target, request, cancels[i])));
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i] is { } answer)
                Verify(answer, requests[i], cancels[i]);
        }

        await VerifyAloneAsync(requests, answers);
        Assert.Equal((40, 0, 0), (target.Stats.FreeBlocks + target.Stats.CachedBlocks, target.Stats.Running, target.Stats.Waiting));
        Assert.Null(runner.CheckKv());
        await target.DisposeAsync();
    }

    // Token by token and margin by margin: the digest has both.
    private static async Task VerifyAloneAsync(InferenceRequest[] requests, Answer?[] answers)
    {
        await using var alone = Requests.Target(new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = 258, TotalBlocks = 40, MaxSequences = 6 }));
        for (var i = 0; i < requests.Length; i++)
        {
            if (answers[i] is not { Summary.FinishReason: FinishReason.Stop or FinishReason.Length } whole)
                continue;

            var expected = await alone.AnswerAsync(requests[i] with { Terms = new ServiceTerms() });
            Assert.Equal(expected.Summary.Digest, whole.Summary.Digest);
            Assert.Equal(expected.Texts, whole.Texts);
        }
    }

    private static InferenceRequest Request(Random random) => Requests.Completion(new string('p', random.Next(1, 120)), random.Next(1, 60)) with
    {
        Choices = random.Next(3) == 0 ? random.Next(1, 4) : 1,
        Stop = random.Next(2) == 0 ? ["\n", "ab", "e", "zz"] : [],
        IgnoreEndOfGeneration = random.Next(2) == 0,
        Tenant = "tenant " + random.Next(3),
        Terms = new ServiceTerms
        {
            Class = (ServiceClass)random.Next(3),
            Priority = random.Next(2),
            Deadline = random.Next(4) == 0 ? TimeSpan.FromSeconds(random.Next(1, 20)) : null,
        },
        Sampling = new SamplingOptions { Temperature = random.Next(2), TopLogProbs = random.Next(4) == 0 ? 2 : null, TopK = random.Next(60), Seed = (ulong)random.Next() },
    };

    /// <returns>Null when its deadline could not be met.</returns>
    private static async Task<Answer?> AnswerAsync(LocalTarget target, InferenceRequest request, int cancelAfter)
    {
        var started = target.Prepare(request).OrThrow().Start();
        if (!started.Ok)
        {
            Assert.Equal((true, ErrorCode.DeadlineUnreachable), (request.Terms.Deadline is not null, started.Error.Code));
            return null;
        }

        await using var generation = started.Value;
        List<GenerationEvent> events = [];
        if (cancelAfter == 0)
            generation.Cancel();
        while (await generation.WaitToReadAsync(CancellationToken.None))
        {
            while (generation.TryRead(out var item))
                events.Add(item);
            if (events.Count >= cancelAfter)
                generation.Cancel();
        }

        return new Answer(events, await generation.Completion);
    }

    private static void Verify(Answer answer, InferenceRequest request, int cancelAfter)
    {
        answer.AssertLaws();
        var (summary, tokens) = (answer.Summary, answer.Summary.Tokens);
        Assert.Equal(request.Inputs[0].Text!.Length, tokens.Prompt);
        Assert.True(tokens.Sampled <= request.Choices * request.MaxOutputTokens);
        Assert.True(tokens.Sampled == 0 || tokens.NotReached == 0);
        Assert.True(summary.FinishReason != FinishReason.Cancelled || cancelAfter != int.MaxValue);
        Assert.True(summary.FinishReason != FinishReason.Deadline || request.Terms.Deadline is not null);
        Assert.All(answer.Texts, text => Assert.DoesNotContain(request.Stop, stop => text.Contains(stop, StringComparison.Ordinal)));
        if (summary.FinishReason == FinishReason.Error)
            Assert.Equal(ErrorCode.RunnerFailed, Assert.Single(answer.Events, item => item.Kind == GenerationEventKind.Error).Error!.Code);
        else
            Assert.Equal(request.Choices, answer.Finishes.Count);
        if (request.Sampling.TopLogProbs is not null)
            Assert.All(answer.Events.Where(item => item.Kind == GenerationEventKind.Text), item => Assert.Equal(item.Tokens, item.LogProbs!.Count));
        if (tokens.Sampled > 0)
            Assert.True(0 < summary.ScheduledAt && summary.ScheduledAt < summary.FirstTokenAt && summary.FirstTokenAt <= summary.EndedAt);
    }
}
