using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Running;

public class ReferenceTests
{
    [Theory]
    [InlineData(TensorType.F32, 2e-5)]
    [InlineData(TensorType.F16, 2e-5)]
    [InlineData(TensorType.BF16, 2e-5)]
    [InlineData(TensorType.Q8_0, 2e-3)]
    [InlineData(TensorType.Q4_0, 2e-3)]
    public void Logits_OfEachWeightType_AgreeWithTheReference(TensorType type, double bound) =>
        AssertAgrees(new RandomModelOptions { Type = type }, bound);

    [Theory]
    [InlineData(true, false, RopeScaling.None)]
    [InlineData(false, true, RopeScaling.None)]
    [InlineData(false, false, RopeScaling.Linear)]
    public void Logits_OfEachVariant_AgreeWithTheReference(bool tied, bool factors, RopeScaling scaling) =>
        AssertAgrees(new RandomModelOptions { TiedOutput = tied, RopeFactors = factors, RopeScaling = scaling }, 2e-5);

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(6, 3, 10)]
    [InlineData(8, 1, 18)]
    public void Logits_OfOddShapes_AgreeWithTheReference(int heads, int kvHeads, int headWidth) =>
        AssertAgrees(new RandomModelOptions { HeadCount = heads, KvHeadCount = kvHeads, HeadWidth = headWidth, EmbeddingWidth = 37, FeedForwardWidth = 51, VocabularySize = 515 }, 5e-5);

    [Theory]
    [MemberData(nameof(TinyArchitectures.Names), MemberType = typeof(TinyArchitectures))]
    public void Logits_OfEachArchitecture_AgreeWithTheReference(string name) => AssertAgrees(TinyArchitectures.Of(name), 5e-5);

    /// <summary>Layers with a window see none of what lies before it, and those without see it: 700 tokens, windows of 24.</summary>
    [Theory]
    [InlineData("mistral")]
    [InlineData("gemma2")]
    [InlineData("gemma3")]
    public void Logits_FarBeyondTheWindow_AgreeWithTheReference(string name) => AssertAgrees(TinyArchitectures.Of(name), 5e-5, count: 700);

    [Theory]
    [InlineData(400)]
    [InlineData(600)]
    public void Logits_WithLongRope_DependOnTheContextAndNotOnThePrompt(int context) =>
        AssertAgrees(new RandomModelOptions { Architecture = "phi3", RopeScaling = RopeScaling.LongRope, ContextLength = 2_048 }, 5e-5, count: 20, context);

    [Fact]
    public void Logits_OfNormedHeadsOfAnOddWidth_AgreeWithTheReference() =>
        AssertAgrees(new RandomModelOptions { Architecture = "qwen3", HeadWidth = 10, EmbeddingWidth = 37, FeedForwardWidth = 51 }, 5e-5);

    private static void AssertAgrees(RandomModelOptions options, double bound, int count = 41, int context = 0)
    {
        using var model = new TinyModel(options);
        using var runner = CpuModelRunner.Load(model.File, new CpuRunnerOptions { Threads = 1, KvTokens = 4_096, MaxRows = 128, MaxSequences = 4, ContextLength = context, KvType = KvType.F32 });
        var tokens = RunnerSteps.Tokens(count, seed: 7);
        var logits = runner.Prefill(0, tokens, 41);
        Assert.InRange(ReferenceDecoder.RelativeError(new ReferenceDecoder(model.File, context: context).Logits(tokens), logits), 0, bound);
    }
}
