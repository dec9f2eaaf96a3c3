using Penstock.Contracts.Records;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Serving;

public sealed class LocalTargetTests
{
    [Fact]
    public async Task Start_Completion_SamplesToTheLimit()
    {
        await using var target = Requests.Target(new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = 258 }));
        var answer = await target.AnswerAsync(Requests.Completion("hello", 16) with { IgnoreEndOfGeneration = true });
        answer.AssertLaws();
        Assert.Equal(FinishReason.Length, answer.Summary.FinishReason);
        Assert.Equal(16, answer.Summary.Tokens.Sampled);
        Assert.Equal(target.Stats.TotalBlocks, target.Stats.FreeBlocks);
    }
}
