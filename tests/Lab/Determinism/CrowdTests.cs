using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Lab.Determinism;
using Penstock.Lab.Subjects;
using Penstock.Models.Gguf;
using Penstock.Models.Templates;
using Penstock.Models.Tokenization;
using Penstock.Tests.Support;

namespace Penstock.Lab.Tests.Determinism;

/// <summary>The engine over a runner whose logits depend on every token of a sequence's KV: hundreds of runs in a crowd that evicts, preempts, shares and leaves.</summary>
public sealed class CrowdTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.8f)]
    public async Task Run_InACrowdOnSmallKv_OneDistinctAnswer(float temperature)
    {
        using var file = GgufFile.Open(TestData.InRepository("models", "pebble.gguf"));
        var tokenizer = TokenizerFactory.FromGguf(file);
        await using var target = new LocalTarget(
            new LocalTargetOptions
            {
                Description = new() { Name = "simulated", Owner = "test", ContextLength = 512, Since = DateTimeOffset.UnixEpoch },
                Engine = new EngineOptions { MaxRunning = 8, Seed = 1 },
            },
            new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = tokenizer.VocabularySize, TotalBlocks = 48 }),
            tokenizer,
            BuiltInTemplates.ChatMl,
            TimeProvider.System);
        var options = new DeterminismOptions { N = 300, Deterministic = true, Temperature = temperature, Seed = 7, OutputTokens = 20, NeighbourPromptTokens = 200 };

        var outcome = await new DeterminismRun(new TargetSubject(target, tenants: 3), options, TimeProvider.System).RunAsync(null, TestContext.Current.CancellationToken);
        var report = outcome.OrThrow();

        Assert.Equal((300, 1, null, 1), (report.N, report.Distinct, report.FirstDivergenceToken, report.DistinctReceipts));
        Assert.Equal(1, report.Agreement);
        Assert.True(report.Crowd!.Finished > 0 && report.Crowd.Left > 0 && report.Crowd.CachedPromptTokens > 0 && target.Status.Preemptions > 0, $"{report.Crowd} {target.Status.Preemptions}");
    }
}
