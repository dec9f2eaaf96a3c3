using Penstock.Engine.Cpu.Experts;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Phases;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The weights of a decoder, packed for the kernels.</summary>
internal sealed class DecoderWeights
{
    /// <summary>How the architecture computes with them.</summary>
    public required Blueprint Blueprint { get; init; }

    public required PackedMatrix Embedding { get; init; }

    public required DecoderLayer[] Layers { get; init; }

    public required WeightVector OutputNorm { get; init; }

    /// <summary>The output projection; the embedding itself where the model ties them.</summary>
    public required PackedMatrix Output { get; init; }

    /// <summary>Divisors of the rotary frequencies.</summary>
    public required RopeFactors RopeFactors { get; init; }

    /// <summary>Bytes that a decode step of one row reads: all matrices, but of the embedding only what is also the output.</summary>
    public long BytesPerStep => Output.Bytes + Layers.Sum(layer => layer.BytesPerStep);

    public long MultiplyAddsPerRow => Layers.Sum(layer => layer.MultiplyAddsPerRow);

    public static DecoderWeights Load(ModelDescription model, TensorLoader loader)
    {
        if (model.ValueHeadWidth != model.HeadWidth)
            throw loader.Fault($"value heads of {model.ValueHeadWidth} beside key heads of {model.HeadWidth} are not supported", "Use a model whose heads have one width.");

        var blueprint = ArchitectureCatalog.Describe(model);
        var embedding = loader.Matrix("token_embd.weight", model.VocabularySize, model.EmbeddingWidth);
        var weights = new DecoderWeights
        {
            Blueprint = blueprint,
            Embedding = embedding,
            Layers = [.. Enumerable.Range(0, model.LayerCount).Select(index => LoadLayer(model, blueprint, loader, $"blk.{index}."))],
            OutputNorm = loader.Vector("output_norm.weight", model.EmbeddingWidth),
            Output = loader.Has("output.weight") ? loader.Matrix("output.weight", model.VocabularySize, model.EmbeddingWidth) : embedding,
            RopeFactors = RopeFactors.Load(model, loader),
        };
        loader.RefuseLeftovers(name => blueprint.Ignored.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)));
        return weights;
    }

    private static DecoderLayer LoadLayer(ModelDescription model, Blueprint blueprint, TensorLoader loader, string prefix)
    {
        var (width, queries, keys) = (model.EmbeddingWidth, model.HeadCount * model.HeadWidth, model.KvHeadCount * model.HeadWidth);
        WeightVector? Optional(bool has, string name, int length) => has ? loader.Vector(prefix + name, length) : null;

        // One matrix of all three (phi3), or three.
        var fused = loader.Has(prefix + "attn_qkv.weight");
        PackedMatrix Projection(string name, int rows, int first) => fused
            ? loader.Matrix(prefix + "attn_qkv.weight", rows, width, first, queries + (2 * keys))
            : loader.Matrix(prefix + name, rows, width);

        return new DecoderLayer
        {
            AttentionNorm = loader.Vector(prefix + "attn_norm.weight", width),
            Query = Projection("attn_q.weight", queries, 0),
            Key = Projection("attn_k.weight", keys, queries),
            Value = Projection("attn_v.weight", keys, queries + keys),
            AttentionOutput = loader.Matrix(prefix + "attn_output.weight", width, queries),
            QueryBias = loader.OptionalVector(prefix + "attn_q.bias", queries),
            KeyBias = loader.OptionalVector(prefix + "attn_k.bias", keys),
            ValueBias = loader.OptionalVector(prefix + "attn_v.bias", keys),
            QueryNorm = Optional(blueprint.QueryKeyNorm, "attn_q_norm.weight", model.HeadWidth),
            KeyNorm = Optional(blueprint.QueryKeyNorm, "attn_k_norm.weight", model.HeadWidth),
            AfterAttention = new ResidualUpdate
            {
                Bias = loader.OptionalVector(prefix + "attn_output.bias", width),
                Norm = Optional(blueprint.PostNorms, "post_attention_norm.weight", width),
                Scale = blueprint.ResidualScale,
            },
            FeedForwardNorm = loader.Vector(prefix + "ffn_norm.weight", width),
            FeedForward = model.Experts is { } experts
                ? ExpertWeights.Load(model, experts, blueprint, loader, prefix)
                : DenseWeights.Load(model, blueprint, loader, prefix),
            AfterFeedForward = new ResidualUpdate
            {
                Norm = Optional(blueprint.PostNorms, "post_ffw_norm.weight", width),
                Scale = blueprint.ResidualScale,
            },
        };
    }
}
