using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Quantization.Mixes;

namespace Penstock.Models.Random;

/// <summary>Writes a complete llama-architecture model whose weights are noise: for tests and benchmarks, where only the shape matters.</summary>
public static class RandomModel
{
    /// <summary>Writes the model, tensor by tensor; memory stays at a few MiB a core whatever the size.</summary>
    /// <param name="path">The target; replaced when the new file is complete.</param>
    /// <param name="options">The shape.</param>
    /// <param name="progress">Fractions from 0 to 1.</param>
    /// <exception cref="GgufException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">The shape makes no sense.</exception>
    public static void Write(string path, RandomModelOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(options);
        var layout = Layout(options);
        using var writer = GgufWriter.Create(path, Metadata(options), layout);
        var total = layout.Sum(tensor => tensor.ByteLength);
        var done = 0L;
        for (var i = 0; i < layout.Count; i++)
        {
            var noise = TensorNoise.For(layout[i], options, i);
            RowBatches.Run(layout[i].Type, layout[i].Shape[0], layout[i].Shape.Skip(1).Aggregate(1L, (rows, dimension) => rows * dimension), noise.Fill, bytes =>
            {
                writer.Append(bytes);
                done += bytes.Length;
                progress?.Report((double)done / total);
            }, cancellationToken);
        }

        writer.Complete();
    }

    internal static IReadOnlyList<GgufTensorLayout> Layout(RandomModelOptions options)
    {
        long width = options.EmbeddingWidth, feedForward = options.FeedForwardWidth;
        long queries = (long)options.HeadCount * options.ResolvedHeadWidth, keys = (long)options.KvHeadCount * options.ResolvedHeadWidth;
        var tensors = new List<GgufTensorLayout> { Matrix("token_embd", width, options.VocabularySize) };
        if (options.RopeFactors)
            tensors.Add(new("rope_freqs.weight", TensorType.F32, [options.ResolvedHeadWidth / 2]));
        for (var layer = 0; layer < options.LayerCount; layer++)
        {
            tensors.Add(Norm($"blk.{layer}.attn_norm"));
            tensors.Add(Matrix($"blk.{layer}.attn_q", width, queries));
            tensors.Add(Matrix($"blk.{layer}.attn_k", width, keys));
            tensors.Add(Matrix($"blk.{layer}.attn_v", width, keys));
            tensors.Add(Matrix($"blk.{layer}.attn_output", queries, width));
            tensors.Add(Norm($"blk.{layer}.ffn_norm"));
            tensors.Add(Matrix($"blk.{layer}.ffn_gate", width, feedForward));
            tensors.Add(Matrix($"blk.{layer}.ffn_up", width, feedForward));
            tensors.Add(Matrix($"blk.{layer}.ffn_down", feedForward, width));
        }

        tensors.Add(Norm("output_norm"));
        if (!options.TiedOutput)
            tensors.Add(Matrix("output", width, options.VocabularySize));
        return options.Mix is { } mix ? Mixed(tensors, mix, options) : tensors;

        GgufTensorLayout Norm(string name) => new($"{name}.weight", TensorType.F32, [width]);

        GgufTensorLayout Matrix(string name, long columns, long rows) =>
            new($"{name}.weight", MixPlan.Fitting(options.Type, columns), [columns, rows]);
    }

    private static List<GgufTensorLayout> Mixed(List<GgufTensorLayout> tensors, QuantizationMix mix, RandomModelOptions options)
    {
        var matrices = tensors.Where(tensor => QuantizableTensors.Contains(tensor.Name, tensor.Shape)).ToList();
        var traits = new ModelTraits(options.LayerCount, options.HeadCount / options.KvHeadCount, Experts: 0, ValueMatrices: options.LayerCount, options.TiedOutput);
        var types = MixPlan.Types(mix, traits, weighted: false, matrices.Select(tensor => (tensor.Name, tensor.Shape[0])));
        return tensors.ConvertAll(tensor => types.TryGetValue(tensor.Name, out var type) ? tensor with { Type = type } : tensor);
    }

    private static List<KeyValuePair<string, GgufValue>> Metadata(RandomModelOptions options)
    {
        var headWidth = (uint)options.ResolvedHeadWidth;
        List<KeyValuePair<string, GgufValue>> pairs =
        [
            new("general.architecture", "llama"),
            new("general.type", "model"),
            new("general.name", options.Name),
            new("general.description", "Random weights, made by Penstock for tests and benchmarks"),
            new("general.file_type", (uint)(options.Mix ?? QuantizationMixes.ForAll(options.Type))),
            new("general.quantization_version", ModelQuantizer.QuantizationVersion),
            new("llama.block_count", (uint)options.LayerCount),
            new("llama.context_length", (uint)options.ContextLength),
            new("llama.embedding_length", (uint)options.EmbeddingWidth),
            new("llama.feed_forward_length", (uint)options.FeedForwardWidth),
            new("llama.attention.head_count", (uint)options.HeadCount),
            new("llama.attention.head_count_kv", (uint)options.KvHeadCount),
            new("llama.attention.key_length", headWidth),
            new("llama.attention.value_length", headWidth),
            new("llama.attention.layer_norm_rms_epsilon", 1e-5f),
            new("llama.rope.dimension_count", headWidth),
            new("llama.rope.freq_base", options.RopeBase),
            new("llama.vocab_size", (uint)options.VocabularySize),
        ];
        if (options.RopeScaling != RopeScaling.None)
        {
            pairs.Add(new("llama.rope.scaling.type", options.RopeScaling == RopeScaling.Linear ? "linear" : "yarn"));
            pairs.Add(new("llama.rope.scaling.factor", options.RopeFactor));
            pairs.Add(new("llama.rope.scaling.original_context_length", Math.Max(1, (uint)(options.ContextLength / options.RopeFactor))));
        }

        pairs.AddRange(RandomVocabulary.Metadata(options));
        return pairs;
    }

    private static void Check(RandomModelOptions options)
    {
        Require(options.LayerCount > 0 && options.EmbeddingWidth > 0 && options.FeedForwardWidth > 0 && options.HeadCount > 0 && options.ContextLength > 0, "Sizes must be positive.");
        Require(options.KvHeadCount > 0 && options.HeadCount % options.KvHeadCount == 0, "KvHeadCount must divide HeadCount.");
        Require(options.ResolvedHeadWidth > 0 && options.ResolvedHeadWidth % 2 == 0, "The head width must be even.");
        Require(
            options.VocabularySize >= RandomVocabulary.SmallestSize && options.VocabularySize <= RandomVocabulary.LargestSize,
            $"The vocabulary has {RandomVocabulary.SmallestSize} to {RandomVocabulary.LargestSize} tokens.");
        Require(options.RopeScaling != RopeScaling.LongRope, "LongRoPE is not made.");
        Require(TensorCodec.Supports(options.Type), $"{options.Type.Name()} is not written; {string.Join(", ", TensorCodec.Types)} are.");

        static void Require(bool sensible, string message)
        {
            if (!sensible)
                throw new ArgumentException(message, nameof(options));
        }
    }
}
