using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Tests.Gguf;

namespace Penstock.Models.Tests.Description;

public sealed class ModelDescriptionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void From_SmallModel_DerivesWhatTheFileLeavesOut()
    {
        var model = Describe();

        Assert.Equal(("llama", "m", 4, 8, 8, 8), (model.Architecture, model.Name, model.VocabularySize, model.HeadWidth, model.ValueHeadWidth, model.RopeWidth));
        Assert.Equal((RopeScaling.None, 1f, null, null), (model.Rope.Scaling, model.Rope.Factor, model.Rope.OriginalContextLength, model.Rope.FactorsTensor));
        Assert.Equal(2 * 2 * 2 * (8 + 8), model.BytesPerTokenF16);
        Assert.Null(model.ChatTemplate);
        Assert.Null(model.PoolingType);
    }

    [Fact]
    public void From_RopeScalingKeys_AreRead()
    {
        var yarn = Describe(
            new("llama.rope.scaling.type", "yarn"), new("llama.rope.scaling.factor", 8f), new("llama.rope.scaling.original_context_length", 16u), new("llama.rope.scaling.yarn_beta_fast", 64f));
        var legacy = Describe(new KeyValuePair<string, GgufValue>("llama.rope.scale_linear", 2f));

        Assert.Equal((RopeScaling.Yarn, 8f, 16, 64f, 1f), (yarn.Rope.Scaling, yarn.Rope.Factor, yarn.Rope.OriginalContextLength, yarn.Rope.BetaFast, yarn.Rope.BetaSlow));
        Assert.Equal((RopeScaling.Linear, 2f), (legacy.Rope.Scaling, legacy.Rope.Factor));
    }

    [Fact]
    public void From_KeysOfOtherArchitectures_AreReadWhereTheyStand()
    {
        var plain = Describe();
        var model = Describe(
            new("llama.attention.sliding_window", 24u), new("llama.attention.sliding_window_pattern", 6u), new("llama.rope.freq_base_swa", 500f), new("llama.attention.scale", 0.25f),
            new("llama.attn_logit_softcapping", 50f), new("llama.final_logit_softcapping", 30f), new("llama.embedding_scale", 12f), new("llama.residual_scale", 0.5f), new("llama.logit_scale", 8f));
        var perLayer = Describe(new KeyValuePair<string, GgufValue>("llama.attention.sliding_window_pattern", GgufValue.From(new[] { true, false })));

        Assert.Equal((new AttentionDescription(), new ScaleDescription()), (plain.Attention, plain.Scales));
        Assert.Equal(new AttentionDescription { Window = 24, WindowPeriod = 6, WindowRopeBase = 500, Scale = 0.25f, SoftCap = 50 }, model.Attention);
        Assert.Equal(new ScaleDescription { Embedding = 12, Residual = 0.5f, Logits = 8, LogitsSoftCap = 30 }, model.Scales);
        Assert.Equal([true, false], perLayer.Attention.WindowLayers!);
    }

    [Theory]
    [InlineData("llama.attention.scale", -1f)]
    [InlineData("llama.attention.scale", float.NaN)]
    [InlineData("llama.attn_logit_softcapping", float.PositiveInfinity)]
    [InlineData("llama.final_logit_softcapping", -30f)]
    [InlineData("llama.embedding_scale", float.NaN)]
    [InlineData("llama.residual_scale", float.NegativeInfinity)]
    [InlineData("llama.rope.freq_base_swa", 0f)]
    public void From_FactorWithoutSense_IsRefusedByKey(string key, float value) =>
        Assert.Contains(key, Assert.Throws<GgufException>(() => Describe(new KeyValuePair<string, GgufValue>(key, value))).Message);

    [Fact]
    public void From_PatternShorterThanTheModel_IsRefused() => Assert.Contains(
        "llama.attention.sliding_window_pattern has 1 entries for 2 layers",
        Assert.Throws<GgufException>(() => Describe(new KeyValuePair<string, GgufValue>("llama.attention.sliding_window_pattern", GgufValue.From(new[] { true })))).Message);

    [Fact]
    public void From_PoolingType_IsRead() =>
        Assert.Equal(PoolingType.Mean, Describe(new KeyValuePair<string, GgufValue>("llama.pooling_type", 1u)).PoolingType);

    [Fact]
    public void From_ExpertKeys_AreRead()
    {
        Assert.Equal(
            new ExpertDescription(8, 2, 96),
            Describe(new("llama.expert_count", 8u), new("llama.expert_used_count", 2u), new("llama.expert_feed_forward_length", 96u)).Experts);
        Assert.Equal(new ExpertDescription(8, 8, null), Describe(new("llama.expert_count", 8u), new("llama.expert_used_count", 8u)).Experts);
        Assert.Null(Describe(new KeyValuePair<string, GgufValue>("llama.expert_count", 0u)).Experts);
    }

    [Theory]
    [InlineData(8u, 0u, "llama.expert_used_count is 0; 1 to 8 makes sense")]
    [InlineData(8u, 9u, "llama.expert_used_count is 9; 1 to 8 makes sense")]
    [InlineData(4_000_000u, 2u, "llama.expert_count is 4000000; 1 to")]
    public void From_ExpertsWithoutSense_AreRefusedByKey(uint count, uint used, string expected) => Assert.Contains(
        expected,
        Assert.Throws<GgufException>(() => Describe(new("llama.expert_count", count), new("llama.expert_used_count", used))).Message);

    [Theory]
    [InlineData("llama.block_count", 0u, "is 0; 1 to")]
    [InlineData("llama.block_count", 4_000_000_000u, "is 4000000000; 1 to")]
    [InlineData("llama.embedding_length", 33u, "llama.attention.key_length is missing")]
    [InlineData("llama.attention.head_count_kv", 3u, "is 3 and does not divide 4 heads")]
    [InlineData("llama.rope.dimension_count", 7u, "is 7; it must be even")]
    [InlineData("llama.rope.dimension_count", 16u, "at most the head's width, 8")]
    [InlineData("llama.pooling_type", 9u, "is 9, which is not a known way of pooling")]
    public void From_SizeWithoutSense_IsRefusedByKey(string key, uint value, string expected) =>
        Assert.Contains(expected, Assert.Throws<GgufException>(() => Describe(new KeyValuePair<string, GgufValue>(key, value))).Message);

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void From_EpsilonThatIsNoPositiveNumber_IsRefused(float value) => Assert.Contains(
        "llama.attention.layer_norm_rms_epsilon",
        Assert.Throws<GgufException>(() => Describe(new KeyValuePair<string, GgufValue>("llama.attention.layer_norm_rms_epsilon", value))).Message);

    [Fact]
    public void From_UnknownScaling_IsNamed() => Assert.Contains(
        "is \"magic\"; none, linear, yarn and longrope are known",
        Assert.Throws<GgufException>(() => Describe(new KeyValuePair<string, GgufValue>("llama.rope.scaling.type", "magic"))).Message);

    private ModelDescription Describe(params KeyValuePair<string, GgufValue>[] changes)
    {
        var keys = changes.Select(change => change.Key).ToHashSet(StringComparer.Ordinal);
        SmallModelFile.Write(folder.File("m.gguf"), SmallModelFile.Metadata.Where(pair => !keys.Contains(pair.Key)).Concat(changes));
        using var file = GgufFile.Open(folder.File("m.gguf"));
        return ModelDescription.From(file);
    }
}
