using Penstock.Engine.Cpu.Tests.Support;
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

    private static void AssertAgrees(RandomModelOptions options, double bound)
    {
        using var model = new TinyModel(options);
        using var runner = model.Load();
        var tokens = RunnerSteps.Tokens(41, seed: 7);
        var logits = runner.Prefill(0, tokens, 41);
        Assert.InRange(ReferenceLlama.RelativeError(new ReferenceLlama(model.File).Logits(tokens), logits), 0, bound);
    }
}
