using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization.Mixes;

/// <summary>Gives each matrix of a model its type in a <see cref="QuantizationMix"/>.</summary>
/// <remarks>
/// The rules are llama.cpp's (<c>llama-quant.cpp</c>), so that a mix means here what its name means elsewhere: the output matrix gets 6 bits, the
/// value and down projections of the first and last eighth of the layers and of every third between get more bits in the <c>_M</c> mixes, and
/// a matrix whose rows are not whole superblocks takes the next larger type with blocks of 32, or F16. Left out: its exceptions for Falcon.
/// </remarks>
internal sealed class MixPlan(QuantizationMix mix, ModelTraits traits, bool weighted)
{
    private int valueMatrices;
    private int downMatrices;

    /// <summary>The types of all tensors that are to be quantized, by name.</summary>
    /// <param name="tensors">Name and columns, in any order.</param>
    public static Dictionary<string, TensorType> Types(QuantizationMix mix, ModelTraits traits, bool weighted, IEnumerable<(string Name, long Columns)> tensors)
    {
        var plan = new MixPlan(mix, traits, weighted);
        // The rules count matrices in the layers' order.
        return tensors.OrderBy(tensor => TensorRoles.Layer(tensor.Name)).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToDictionary(tensor => tensor.Name, tensor => Fitting(plan.Wanted(tensor.Name, tensor.Columns), tensor.Columns), StringComparer.Ordinal);
    }

    /// <summary>The type, or what stands in for it where rows are not whole blocks.</summary>
    public static TensorType Fitting(TensorType type, long columns)
    {
        if (columns % type.BlockElements() == 0)
            return type;
        var legacy = type switch
        {
            TensorType.Q2_K or TensorType.Q3_K => TensorType.Q4_0,
            TensorType.Q4_K => TensorType.Q5_0,
            TensorType.Q5_K => TensorType.Q5_1,
            TensorType.Q6_K => TensorType.Q8_0,
            _ => TensorType.F16,
        };
        return columns % legacy.BlockElements() == 0 ? legacy : TensorType.F16;
    }

    private TensorType Wanted(string name, long columns)
    {
        var type = mix.BaseType();
        if (type.BlockElements() == 1)
            return type;
        var role = TensorRoles.Of(name);
        if (role == TensorRole.Output || (role == TensorRole.Embedding && traits.TiedOutput))
            return type == TensorType.Q8_0 || columns % type.BlockElements() != 0 ? TensorType.Q8_0 : TensorType.Q6_K;
        return role switch
        {
            TensorRole.AttentionValue or TensorRole.AttentionQueryKeyValue => Value(type),
            TensorRole.AttentionKey when traits.Experts == 8 => TensorType.Q8_0,
            TensorRole.AttentionOutput => AttentionOutput(type),
            TensorRole.FeedForwardDown => Down(type, name),
            _ => type,
        };
    }

    private TensorType Value(TensorType type)
    {
        var index = valueMatrices++;
        if (traits.Experts == 8)
            return TensorType.Q8_0; // small beside the experts
        type = mix switch
        {
            QuantizationMix.Q2_K => traits.QueriesPerKey >= 4 ? TensorType.Q4_K : TensorType.Q3_K,
            QuantizationMix.Q3_K_M => index < 2 ? TensorType.Q5_K : TensorType.Q4_K,
            QuantizationMix.Q3_K_L => TensorType.Q5_K,
            QuantizationMix.Q4_K_M or QuantizationMix.Q5_K_M when DeservesMore(index, traits.ValueMatrices) => TensorType.Q6_K,
            QuantizationMix.Q4_K_S when index < 4 => TensorType.Q5_K,
            _ => type,
        };
        return traits.HasWideSharing && type is TensorType.Q3_K or TensorType.Q4_K ? TensorType.Q5_K : type;
    }

    private TensorType AttentionOutput(TensorType type) => traits.Experts == 8
        ? mix is QuantizationMix.Q2_K or QuantizationMix.Q3_K_S or QuantizationMix.Q3_K_M or QuantizationMix.Q4_K_S or QuantizationMix.Q4_K_M ? TensorType.Q5_K : type
        : mix switch
        {
            QuantizationMix.Q2_K => TensorType.Q3_K,
            QuantizationMix.Q3_K_M => TensorType.Q4_K,
            QuantizationMix.Q3_K_L => TensorType.Q5_K,
            _ => type,
        };

    private TensorType Down(TensorType type, string name)
    {
        var counted = downMatrices++;
        var layer = traits.Experts > 1 ? TensorRoles.Layer(name) : counted;
        return mix switch
        {
            QuantizationMix.Q2_K => TensorType.Q3_K,
            QuantizationMix.Q3_K_M => layer < traits.Layers / 16 ? TensorType.Q5_K : TensorType.Q4_K,
            QuantizationMix.Q3_K_L => TensorType.Q5_K,
            QuantizationMix.Q4_K_M or QuantizationMix.Q5_K_M when DeservesMore(layer, traits.Layers) => TensorType.Q6_K,
            QuantizationMix.Q4_K_S when layer < traits.Layers / 8 => TensorType.Q5_K,
            QuantizationMix.Q4_0 when weighted && layer < traits.Layers / 8 => TensorType.Q4_1,
            QuantizationMix.Q5_0 when weighted && layer < traits.Layers / 8 => TensorType.Q5_1,
            _ => type,
        };
    }

    private static bool DeservesMore(int index, int count) => index < count / 8 || index >= 7 * count / 8 || (index - (count / 8)) % 3 == 2;
}
