using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Constraining;

/// <summary>Constraints in the engine, over a model that wants what is forbidden.</summary>
public sealed class ConstrainedGenerationTests
{
    [Fact]
    public async Task Regex_ModelWantsAnotherToken_AnswerMatchesForEverySeed()
    {
        await using var target = Target();
        for (ulong seed = 0; seed < 50; seed++)
        {
            var answer = await target.AnswerAsync(With(Regex("[a-f]{2,6}-[0-9]+x"), 40) with { Sampling = new SamplingOptions { Temperature = 1.5f, Seed = seed } });

            answer.AssertLaws();
            Assert.Matches("^[a-f]{2,6}-[0-9]+x$", Assert.Single(answer.Texts));
            Assert.True(answer.Summary.Resistance!.Value.Max > 0.9, "the model wanted something else with all its weight");
        }
    }

    [Fact]
    public async Task Regex_CutAtEveryLength_IsValidAndSaysLength()
    {
        await using var target = Target();
        for (var tokens = 5; tokens < 30; tokens++)
        {
            var answer = await target.AnswerAsync(With(Regex("<(ab|cd)*e{0,3}!></x>"), 4 + tokens));

            answer.AssertLaws();
            Assert.Matches("^<(ab|cd)*e{0,3}!></x>$", Assert.Single(answer.Texts));
            Assert.True(answer.Summary.Tokens.Sampled <= 4 + tokens);
        }
    }

    [Fact]
    public async Task Regex_NeverEndsByItself_IsCutWithReasonLength()
    {
        // The model wants 'a', and there is always room for one more of them.
        await using var target = Target(wanted: 'a');
        var answer = await target.AnswerAsync(With(Regex("(a|b)*</x>"), 20));

        Assert.Equal("aaaaaaaaaaaaaaaa</x>", Assert.Single(answer.Texts));
        Assert.Equal((FinishReason.Length, FinishCause.Request), (answer.Summary.FinishReason, answer.Summary.FinishCause));
        Assert.Equal(20, answer.Summary.Tokens.Sampled);
    }

    [Fact]
    public async Task MaxTokens_BelowTheShortestAnswer_IsRefusedWithTheLeast()
    {
        await using var target = Target();

        var refused = target.Prepare(With(Regex("[a-f]{2,6}-[0-9]+x"), 4)).Error!;

        Assert.Equal((ErrorCode.InvalidRequest, "max_tokens"), (refused.Code, refused.Param));
        Assert.Contains("needs 5", refused.Message, StringComparison.Ordinal);
        Assert.True(target.Prepare(With(Regex("[a-f]{2,6}-[0-9]+x"), 5)).Ok);
    }

    [Fact]
    public async Task Choice_Complete_StopsWithoutAnotherStep()
    {
        var runner = new ForbiddenFirstRunner(Simulated(), 'z');
        await using var target = Requests.Target(runner);

        var answer = await target.AnswerAsync(With(Choice("yes", "no"), 30) with { Sampling = new SamplingOptions { LogitBias = new Dictionary<int, float> { ['y'] = 90 } } });

        Assert.Equal("yes", Assert.Single(answer.Texts));
        Assert.Equal((FinishReason.Stop, FinishCause.Model), (answer.Summary.FinishReason, answer.Summary.FinishCause));
        Assert.Equal(3, answer.Summary.Tokens.Sampled);

        // The first token decides the others.
        Assert.Equal((1, 2), (runner.Steps, target.Stats.ForcedTokens));
    }

    [Fact]
    public async Task EndOfGeneration_WantedAllTheTime_ComesOnlyWhereTheTextIsWhole()
    {
        await using var target = Target(wanted: ByteTokenizer.End);

        var answer = await target.AnswerAsync(With(Regex("ab?c+"), 30));

        Assert.Matches("^ab?c$", Assert.Single(answer.Texts));
        Assert.Equal(FinishReason.Stop, answer.Summary.FinishReason);
    }

    [Fact]
    public async Task Bias_AmongAllowedTokens_Counts()
    {
        await using var target = Target();
        var request = With(Regex("[abc]{8}"), 8);

        var answer = await target.AnswerAsync(request with { Sampling = new SamplingOptions { LogitBias = new Dictionary<int, float> { ['b'] = 100, ['d'] = 100 } } });

        Assert.Equal("bbbbbbbb", Assert.Single(answer.Texts));
    }

    [Fact]
    public async Task Choices_SeveralOfOneRequest_EachHasItsOwnCursor()
    {
        await using var target = Target();

        var answer = await target.AnswerAsync(With(Regex("[a-f]{1,9}-[0-9]{3}"), 20) with { Choices = 4, Sampling = new SamplingOptions { Seed = 3 } });

        answer.AssertLaws();
        Assert.Equal(4, answer.Texts.Count);
        Assert.All(answer.Texts, text => Assert.Matches("^[a-f]{1,9}-[0-9]{3}$", text));
        Assert.True(answer.Texts.Distinct(StringComparer.Ordinal).Count() > 1);
    }

    [Fact]
    public async Task StopString_InAConstrainedText_EndsItThere()
    {
        await using var target = Target();

        var answer = await target.AnswerAsync(With(Regex("[ab]{4}stop[ab]*"), 30) with { Stop = ["stop"] });

        answer.AssertLaws();
        Assert.Matches("^[ab]{4}$", Assert.Single(answer.Texts));
        Assert.Equal((FinishReason.Stop, FinishCause.Request), (answer.Summary.FinishReason, answer.Summary.FinishCause));
    }

    [Fact]
    public async Task LogProbs_AreTheModelsOwn()
    {
        await using var target = Target();

        var answer = await target.AnswerAsync(With(Regex("[ab]{3}"), 10) with { Sampling = new SamplingOptions { TopLogProbs = 1 } });

        var first = answer.Events.First(item => item.LogProbs is { Count: > 0 }).LogProbs![0];
        Assert.Equal('z', first.Top[0].Token);
        Assert.True(first.LogProb < -20);
    }

    [Fact]
    public async Task Unconstrained_BesideConstrained_SaysWhatItSaysAlone()
    {
        await using var target = Requests.Target(Simulated());
        var free = Requests.Completion("free", 40) with { Sampling = new SamplingOptions { Seed = 5 } };
        var alone = await target.AnswerAsync(free);

        var together = await Task.WhenAll([target.AnswerAsync(free), .. Enumerable.Range(0, 6).Select(i => target.AnswerAsync(With(Regex($"[a-f]{{{i + 1},30}}"), 40)))]);

        Assert.Equal(alone.Texts, together[0].Texts);
        Assert.Null(together[0].Summary.Resistance);
        Assert.Equal(alone.Summary.Digest, together[0].Summary.Digest);
    }

    [Fact]
    public async Task IgnoreEndOfGeneration_WithAConstraint_IsRefused()
    {
        await using var target = Target();
        Assert.Equal("ignore_eos", target.Prepare(With(Choice("a"), 9) with { IgnoreEndOfGeneration = true }).Error!.Param);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[b-a]")]
    public async Task Regex_NotOne_IsRefusedByItsField(string pattern)
    {
        await using var target = Target();
        Assert.Equal("guided_regex", target.Prepare(With(Regex(pattern), 9)).Error!.Param);
    }

    [Fact]
    public async Task Preempted_ConstrainedRequest_GoesOnWhereItWas()
    {
        await using var target = Requests.Target(new ForbiddenFirstRunner(Simulated(blocks: 6, sequences: 2), 'a'), engine: new EngineOptions { Seed = 7, MaxRunning = 1, PrefixCaching = false });
        var slow = With(Regex("a{60}b"), 70) with { Terms = new ServiceTerms { Class = ServiceClass.Batch } };
        var answers = await Task.WhenAll([target.AnswerAsync(slow), .. Enumerable.Range(0, 4).Select(_ => target.AnswerAsync(Requests.Completion("hi", 3) with { Terms = new ServiceTerms { Class = ServiceClass.Interactive } }))]);

        answers[0].AssertLaws();
        Assert.Equal(new string('a', 60) + "b", Assert.Single(answers[0].Texts));
    }

    [Theory]
    [InlineData(null, 16)]
    [InlineData(9, 3)]
    public async Task Forced_RunsOfTokens_SayWhatSamplingEachWouldInFewerSteps(int? budget, int running)
    {
        // The simulated logits are a hash of all that lies in the sequence's KV: a token in a wrong place would change what is sampled after it.
        var (jumping, sampling) = (Simulated(), Simulated());
        var options = new EngineOptions { Seed = 7, StepTokenBudget = budget, MaxRunning = running };
        await using var jumps = Requests.Target(jumping, engine: options);
        await using var samples = Requests.Target(sampling, engine: options);
        var request = With(Regex("""\{"first name": "[a-z]{2,8}", "the second name": "[a-z]{2,8}", "and then the third": (true|false)\}"""), 120);
        for (ulong seed = 0; seed < 10; seed++)
        {
            var own = request with { Choices = 1 + (int)(seed % 3), Sampling = new SamplingOptions { Seed = seed } };
            var others = Enumerable.Range(0, 4).Select(i => jumps.AnswerAsync(With(Regex("x{50}[a-z]{9}y{50}"), 120)));
            var answers = await Task.WhenAll([jumps.AnswerAsync(own), .. others]);
            var expected = await samples.AnswerAsync(own with { Sampling = own.Sampling with { TopLogProbs = 0 } });

            answers[0].AssertLaws();
            Assert.Equal(expected.Texts, answers[0].Texts);
            Assert.Equal(expected.Summary.Tokens.Sampled, answers[0].Summary.Tokens.Sampled);
            Assert.All(answers[1..], answer => Assert.Matches("^x{50}[a-z]{9}y{50}$", answer.Texts[0]));
        }

        Assert.True(jumps.Stats.ForcedTokens > jumps.Stats.SampledTokens / 2, $"{jumps.Stats.ForcedTokens} of {jumps.Stats.SampledTokens}");
        Assert.Equal(0, samples.Stats.ForcedTokens);
        Assert.Null(jumping.CheckKv());
        Assert.Equal(400, jumps.Stats.FreeBlocks + jumps.Stats.CachedBlocks);
    }

    private static LocalTarget Target(int wanted = 'z') => Requests.Target(new ForbiddenFirstRunner(Simulated(), wanted));

    private static SimulatedRunner Simulated(int blocks = 400, int sequences = 16) =>
        new(new SimulatedRunnerOptions { VocabularySize = 258, TotalBlocks = blocks, MaxSequences = sequences, ContextLength = 512 });

    private static InferenceRequest With(OutputConstraint constraint, int tokens) => Requests.Completion("go", tokens) with { Constraint = constraint };

    private static OutputConstraint Regex(string pattern) => new() { Kind = ConstraintKind.Regex, Param = "guided_regex", Source = pattern };

    private static OutputConstraint Choice(params string[] choices) => new() { Kind = ConstraintKind.Choice, Param = "guided_choice", Choices = choices };
}
