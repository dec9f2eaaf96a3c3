using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Requests;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Serving;

public sealed class FaultyRequestTests
{
    private const int Poison = 66;

    [Fact]
    public async Task Take_OneRequestThrows_ItEndsAloneAndTheOthersGoOn()
    {
        var runner = new SimulatedRunner(new SimulatedRunnerOptions());
        await using var target = Requests.Target(runner, tokenizer: new TokenizerThatThrows(runner.Capabilities.VocabularySize, Poison));
        await using var sound = target.Prepare(Biased(-100)).OrThrow().Start().OrThrow();

        var broken = await target.AnswerAsync(Biased(100));
        var others = await sound.ReadAllAsync();
        var after = await target.AnswerAsync(Biased(-100));

        Assert.Equal(ErrorCode.Internal, broken.Events.Single(item => item.Kind == GenerationEventKind.Error).Error!.Code);
        Assert.Equal((FinishReason.Error, FinishReason.Length, FinishReason.Length), (broken.Summary.FinishReason, others.Summary.FinishReason, after.Summary.FinishReason));
        Assert.Equal(target.Stats.TotalBlocks, target.Stats.FreeBlocks);
    }

    [Fact]
    public void End_SummingUpThrows_ReadersAreToldInsteadOfWaiting()
    {
        var request = new RequestThatCannotSumUp();

        Assert.IsType<InvalidDataException>(request.End(now: 1));
        Assert.True(request.Completion.IsFaulted);
    }

    [Fact]
    public async Task Prepare_PromptThatCannotFit_IsRefusedWithoutBeingTokenized()
    {
        var runner = new SimulatedRunner(new SimulatedRunnerOptions());
        var tokenizer = new ByteTokenizer(runner.Capabilities.VocabularySize);
        await using var target = Requests.Target(runner, tokenizer: tokenizer);

        var refused = target.Prepare(Requests.Completion(new string('x', 10 << 20)));

        Assert.Equal((ErrorCode.ContextLengthExceeded, "prompt"), (refused.Error!.Code, refused.Error.Param));
        Assert.Equal(0, tokenizer.Encoded);
    }

    private static InferenceRequest Biased(float bias) => Requests.Completion("hello", 20) with
    {
        Sampling = new SamplingOptions { Seed = 3, LogitBias = new Dictionary<int, float> { [Poison] = bias } },
        IgnoreEndOfGeneration = true,
    };

    private sealed class RequestThatCannotSumUp : EngineRequest
    {
        public override IReadOnlyList<RequestGroup> Groups => [];

        public override bool Complete => true;

        public override PenstockError? Take(PlannedSlice slice, StepContext step) => null;

        protected override GenerationSummary Summarize(long now) => throw new InvalidDataException("planted");
    }
}
