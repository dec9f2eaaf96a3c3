using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Models.Random;

/// <summary>The keys of a random model.</summary>
internal static class RandomMetadata
{
    public static List<KeyValuePair<string, GgufValue>> Of(RandomModelOptions options)
    {
        var headWidth = (uint)options.ResolvedHeadWidth;
        List<KeyValuePair<string, GgufValue>> pairs =
        [
            new("general.architecture", options.Architecture),
            new("general.type", "model"),
            new("general.name", Name(options)),
            new("general.description", "Random weights, made by Penstock for tests and benchmarks"),
            new("general.file_type", (uint)(options.Mix ?? QuantizationMixes.ForAll(options.Type))),
            new("general.quantization_version", ModelQuantizer.QuantizationVersion),
        ];
        List<KeyValuePair<string, GgufValue>> own =
        [
            new("block_count", (uint)options.LayerCount),
            new("context_length", (uint)options.ContextLength),
            new("embedding_length", (uint)options.EmbeddingWidth),
            new("feed_forward_length", (uint)options.FeedForwardWidth),
            new("attention.head_count", (uint)options.HeadCount),
            new("attention.head_count_kv", (uint)options.KvHeadCount),
            new("attention.key_length", headWidth),
            new("attention.value_length", headWidth),
            new("attention.layer_norm_rms_epsilon", 1e-5f),
            new("rope.dimension_count", (uint)options.ResolvedRotatedWidth),
            new("rope.freq_base", options.RopeBase),
            new("vocab_size", (uint)options.VocabularySize),
            .. Scaling(options),
            .. Experts(options),
            .. RandomArchitecture.Of(options).Keys(options),
        ];
        pairs.AddRange(own.Select(pair => new KeyValuePair<string, GgufValue>($"{options.Architecture}.{pair.Key}", pair.Value)));
        pairs.AddRange(RandomVocabulary.Metadata(options));
        return pairs;
    }

    // llama.cpp looks for tokens of Phi 3's own vocabulary where the name has one of these in it.
    private static string Name(RandomModelOptions options) =>
        options.Name.Replace("phi-3", "phi_3", StringComparison.OrdinalIgnoreCase).Replace("phi3", "phi_3", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<KeyValuePair<string, GgufValue>> Scaling(RandomModelOptions options)
    {
        if (options.RopeScaling == RopeScaling.None)
            yield break;

        var trained = Math.Max(1, options.ContextLength / options.RopeFactor);
        yield return new("rope.scaling.type", options.RopeScaling switch { RopeScaling.Linear => "linear", RopeScaling.Yarn => "yarn", _ => "longrope" });
        if (options.RopeScaling == RopeScaling.LongRope)
            yield return new("rope.scaling.attn_factor", MathF.Sqrt(1 + (MathF.Log(options.RopeFactor) / MathF.Log(trained))));
        else
            yield return new("rope.scaling.factor", options.RopeFactor);
        yield return new("rope.scaling.original_context_length", (uint)trained);
    }

    private static IEnumerable<KeyValuePair<string, GgufValue>> Experts(RandomModelOptions options)
    {
        if (options.ResolvedExpertCount == 0)
            yield break;

        yield return new("expert_count", (uint)options.ResolvedExpertCount);
        yield return new("expert_used_count", (uint)options.ExpertsUsed);
        if (RandomArchitecture.Of(options).Experts)
            yield return new("expert_feed_forward_length", (uint)options.ResolvedExpertWidth);
    }
}
