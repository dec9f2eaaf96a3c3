using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Running;

/// <summary>Contexts that are long beside every block, span, tile and window of the attention.</summary>
public class LongContextTests
{
    private const int Tokens32k = 32 * 1_024;

    /// <summary>The last of many rows is the same bits in large chunks, and in small ones beside another sequence.</summary>
    [Theory]
    [MemberData(nameof(TinyArchitectures.Names), MemberType = typeof(TinyArchitectures))]
    public void Logits_OfEachArchitectureAt3000Tokens_DoNotDependOnTheChunks(string name)
    {
        using var model = new TinyModel(TinyArchitectures.Of(name) with { ContextLength = 4_096 });
        using var runner = model.Load(kvTokens: 8_192, maxRows: 512, kvType: KvType.F16);
        var tokens = RunnerSteps.Tokens(3_000, seed: 11);
        var expected = runner.Prefill(0, tokens, 512);
        runner.Prefill(1, tokens[..900], 450);
        RunnerSteps.AssertSameBits(expected, runner.Prefill(2, tokens, 97), name);
    }

    [Fact]
    public void Memory_Of32kTokens_IsTwiceThatOf16kAtMostAndAllThereBeforeTheFirstStep()
    {
        using var model = new TinyModel(new RandomModelOptions { LayerCount = 1, HeadCount = 2, KvHeadCount = 1, ContextLength = Tokens32k });
        var start = NativeBuffer.AllocatedBytesForCurrentThread;
        Load(model, Tokens32k / 2).Dispose();
        var half = NativeBuffer.AllocatedBytesForCurrentThread - start;
        using var runner = Load(model, Tokens32k);
        var loaded = NativeBuffer.AllocatedBytesForCurrentThread;
        Assert.InRange(loaded - start - half, half, 2 * half);

        var tokens = RunnerSteps.Tokens(Tokens32k, seed: 12);
        var prompt = runner.Prefill(0, tokens[..^1], 512);
        var last = runner.Extend(0, tokens[^1]);
        Assert.Equal(loaded, NativeBuffer.AllocatedBytesForCurrentThread);
        Assert.All(prompt.Concat(last), logit => Assert.True(float.IsFinite(logit)));
    }

    private static CpuModelRunner Load(TinyModel model, int tokens) => CpuModelRunner.Load(
        model.File, new CpuRunnerOptions { Threads = 1, KvTokens = tokens, ContextLength = tokens, MaxRows = 512, MaxSequences = 4 });
}
