using Penstock.Engine.Cpu.Matrices;
using Penstock.Models.Description;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The weights of a llama-architecture model (Touvron et al. 2023), packed for the kernels.</summary>
internal sealed class LlamaWeights
{
    public const string Architecture = "llama";

    public required PackedMatrix Embedding { get; init; }

    public required LlamaLayer[] Layers { get; init; }

    public required WeightVector OutputNorm { get; init; }

    /// <summary>The output projection; the embedding itself where the model ties them.</summary>
    public required PackedMatrix Output { get; init; }

    /// <summary>Divisors of the rotary frequencies, one a pair; null in most models.</summary>
    public required WeightVector? RopeFactors { get; init; }

    /// <summary>Bytes that a decode step reads: all matrices, but of the embedding only what is also the output.</summary>
    public long BytesPerStep => Output.Bytes + LayerMatrices.Sum(matrix => matrix.Bytes);

    public long MultiplyAddsPerRow => LayerMatrices.Sum(matrix => (long)matrix.Rows * matrix.Columns);

    private IEnumerable<PackedMatrix> LayerMatrices => Layers.SelectMany(layer =>
        (PackedMatrix[])[layer.Query, layer.Key, layer.Value, layer.AttentionOutput, layer.Gate, layer.Up, layer.Down]);

    public static void CheckArchitecture(GgufFile file)
    {
        var name = file.Metadata.String("general.architecture");
        if (name != Architecture)
            throw new GgufException(file.Path, $"the architecture is {GgufName.Printable(name)}, which the CPU engine does not compute", $"Use a model of the {Architecture} architecture.");
    }

    public static LlamaWeights Load(ModelDescription model, TensorLoader loader)
    {
        Check(model, loader);
        var embedding = loader.Matrix("token_embd.weight", model.VocabularySize, model.EmbeddingWidth);
        var weights = new LlamaWeights
        {
            Embedding = embedding,
            Layers = [.. Enumerable.Range(0, model.LayerCount).Select(index => LoadLayer(model, loader, $"blk.{index}."))],
            OutputNorm = loader.Vector("output_norm.weight", model.EmbeddingWidth),
            Output = loader.Has("output.weight") ? loader.Matrix("output.weight", model.VocabularySize, model.EmbeddingWidth) : embedding,
            RopeFactors = model.Rope.FactorsTensor is { } name ? loader.Vector(name, model.RopeWidth / 2) : null,
        };

        // Old converters wrote the rotary frequencies of each layer; llama.cpp has always computed them instead.
        loader.RefuseLeftovers(name => name.EndsWith(".attn_rot_embd", StringComparison.Ordinal) || name.EndsWith(".rot_embd", StringComparison.Ordinal));
        return weights;
    }

    private static LlamaLayer LoadLayer(ModelDescription model, TensorLoader loader, string prefix)
    {
        var (width, wide) = (model.EmbeddingWidth, model.FeedForwardWidth);
        var (queries, keys) = (model.HeadCount * model.HeadWidth, model.KvHeadCount * model.HeadWidth);
        return new LlamaLayer
        {
            AttentionNorm = loader.Vector(prefix + "attn_norm.weight", width),
            Query = loader.Matrix(prefix + "attn_q.weight", queries, width),
            Key = loader.Matrix(prefix + "attn_k.weight", keys, width),
            Value = loader.Matrix(prefix + "attn_v.weight", keys, width),
            AttentionOutput = loader.Matrix(prefix + "attn_output.weight", width, queries),
            QueryBias = loader.OptionalVector(prefix + "attn_q.bias", queries),
            KeyBias = loader.OptionalVector(prefix + "attn_k.bias", keys),
            ValueBias = loader.OptionalVector(prefix + "attn_v.bias", keys),
            AttentionOutputBias = loader.OptionalVector(prefix + "attn_output.bias", width),
            FeedForwardNorm = loader.Vector(prefix + "ffn_norm.weight", width),
            Gate = loader.Matrix(prefix + "ffn_gate.weight", wide, width),
            Up = loader.Matrix(prefix + "ffn_up.weight", wide, width),
            Down = loader.Matrix(prefix + "ffn_down.weight", width, wide),
        };
    }

    private static void Check(ModelDescription model, TensorLoader loader)
    {
        if (model.ValueHeadWidth != model.HeadWidth)
            throw loader.Fault($"value heads of {model.ValueHeadWidth} beside key heads of {model.HeadWidth} are not supported", "Use a model whose heads have one width.");
        if (model.Rope.Scaling == RopeScaling.LongRope)
            throw loader.Fault("the rotary scaling is longrope, which the CPU engine does not compute", "Use a model with none, linear or yarn scaling, or with a rope_freqs.weight tensor.");
    }
}
