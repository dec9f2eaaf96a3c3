using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Quantization.Mixes;

namespace Penstock.Models.Random;

/// <summary>The tensors of a random model, in the order of the file.</summary>
internal sealed class RandomTensors
{
    private readonly RandomModelOptions options;
    private readonly RandomArchitecture architecture;
    private readonly List<GgufTensorLayout> tensors = [];

    private RandomTensors(RandomModelOptions options) => (this.options, architecture) = (options, RandomArchitecture.Of(options));

    public static IReadOnlyList<GgufTensorLayout> Of(RandomModelOptions options)
    {
        var all = new RandomTensors(options).Model();
        return options.Mix is { } mix ? Mixed(all, mix, options) : all;
    }

    private List<GgufTensorLayout> Model()
    {
        Matrix("token_embd", options.EmbeddingWidth, options.VocabularySize);
        var pairs = options.ResolvedRotatedWidth / 2;
        if (options.RopeFactors)
            Vector("rope_freqs.weight", pairs);
        if (options.RopeScaling == RopeScaling.LongRope)
        {
            Vector("rope_factors_long.weight", pairs);
            Vector("rope_factors_short.weight", pairs);
        }

        for (var layer = 0; layer < options.LayerCount; layer++)
            Layer($"blk.{layer}.");
        Norm("output_norm");
        if (!options.ResolvedTiedOutput)
            Matrix("output", options.EmbeddingWidth, options.VocabularySize);
        return tensors;
    }

    private void Layer(string prefix)
    {
        Norm(prefix + "attn_norm");
        Attention(prefix);
        if (architecture.PostNorms)
            Norm(prefix + "post_attention_norm");
        Norm(prefix + "ffn_norm");
        if (options.ResolvedExpertCount > 0)
            Experts(prefix);
        else
            FeedForward(prefix);
        if (architecture.PostNorms)
            Norm(prefix + "post_ffw_norm");
    }

    private void Attention(string prefix)
    {
        long width = options.EmbeddingWidth, head = options.ResolvedHeadWidth;
        var (queries, keys) = (options.HeadCount * head, options.KvHeadCount * head);
        if (architecture.Fused)
        {
            Matrix(prefix + "attn_qkv", width, queries + (2 * keys));
        }
        else
        {
            Matrix(prefix + "attn_q", width, queries);
            Matrix(prefix + "attn_k", width, keys);
            Matrix(prefix + "attn_v", width, keys);
        }

        if (architecture.Biases)
        {
            Vector(prefix + "attn_q.bias", queries);
            Vector(prefix + "attn_k.bias", keys);
            Vector(prefix + "attn_v.bias", keys);
        }

        if (architecture.HeadNorms)
        {
            Vector(prefix + "attn_q_norm.weight", head);
            Vector(prefix + "attn_k_norm.weight", head);
        }

        Matrix(prefix + "attn_output", queries, width);
    }

    private void FeedForward(string prefix)
    {
        long width = options.EmbeddingWidth, wide = options.FeedForwardWidth;
        if (!architecture.Fused)
            Matrix(prefix + "ffn_gate", width, wide);
        Matrix(prefix + "ffn_up", width, architecture.Fused ? 2 * wide : wide);
        Matrix(prefix + "ffn_down", wide, width);
    }

    private void Experts(string prefix)
    {
        long width = options.EmbeddingWidth, wide = options.ResolvedExpertWidth, count = options.ResolvedExpertCount;
        tensors.Add(new($"{prefix}ffn_gate_inp.weight", TensorType.F32, [width, count]));
        Matrix(prefix + "ffn_gate_exps", width, wide, count);
        Matrix(prefix + "ffn_up_exps", width, wide, count);
        Matrix(prefix + "ffn_down_exps", wide, width, count);
    }

    private void Norm(string name) => Vector(name + ".weight", options.EmbeddingWidth);

    private void Vector(string name, long length) => tensors.Add(new(name, TensorType.F32, [length]));

    private void Matrix(string name, long columns, params ReadOnlySpan<long> rows) => tensors.Add(new($"{name}.weight", MixPlan.Fitting(options.Type, columns), [columns, .. rows]));

    private static List<GgufTensorLayout> Mixed(List<GgufTensorLayout> tensors, QuantizationMix mix, RandomModelOptions options)
    {
        var matrices = tensors.Where(tensor => QuantizableTensors.Contains(tensor.Name, tensor.Shape)).ToList();
        var traits = new ModelTraits(
            options.LayerCount, options.HeadCount / options.KvHeadCount, Experts: options.ResolvedExpertCount, ValueMatrices: options.LayerCount, options.ResolvedTiedOutput);
        var types = MixPlan.Types(mix, traits, weighted: false, matrices.Select(tensor => (tensor.Name, tensor.Shape[0])));
        return tensors.ConvertAll(tensor => types.TryGetValue(tensor.Name, out var type) ? tensor with { Type = type } : tensor);
    }
}
