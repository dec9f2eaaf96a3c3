using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization;

/// <summary>Names and base types of <see cref="QuantizationMix"/>.</summary>
public static class QuantizationMixes
{
    /// <summary>Names that people also use: llama.cpp takes the short one for the middle mix.</summary>
    private static readonly Dictionary<string, QuantizationMix> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Q3_K"] = QuantizationMix.Q3_K_M,
        ["Q4_K"] = QuantizationMix.Q4_K_M,
        ["Q5_K"] = QuantizationMix.Q5_K_M,
    };

    /// <summary>All, from the largest file to the smallest.</summary>
    public static IReadOnlyList<QuantizationMix> All { get; } =
    [
        QuantizationMix.F32, QuantizationMix.F16, QuantizationMix.BF16, QuantizationMix.Q8_0, QuantizationMix.Q6_K, QuantizationMix.Q5_1, QuantizationMix.Q5_K_M, QuantizationMix.Q5_K_S,
        QuantizationMix.Q5_0, QuantizationMix.Q4_1, QuantizationMix.Q4_K_M, QuantizationMix.Q4_K_S, QuantizationMix.Q4_0, QuantizationMix.Q3_K_L, QuantizationMix.Q3_K_M,
        QuantizationMix.Q3_K_S, QuantizationMix.Q2_K,
    ];

    /// <summary>The type of most matrices.</summary>
    public static TensorType BaseType(this QuantizationMix mix) => mix switch
    {
        QuantizationMix.F32 => TensorType.F32,
        QuantizationMix.F16 => TensorType.F16,
        QuantizationMix.BF16 => TensorType.BF16,
        QuantizationMix.Q8_0 => TensorType.Q8_0,
        QuantizationMix.Q4_0 => TensorType.Q4_0,
        QuantizationMix.Q4_1 => TensorType.Q4_1,
        QuantizationMix.Q5_0 => TensorType.Q5_0,
        QuantizationMix.Q5_1 => TensorType.Q5_1,
        QuantizationMix.Q2_K => TensorType.Q2_K,
        QuantizationMix.Q3_K_S or QuantizationMix.Q3_K_M or QuantizationMix.Q3_K_L => TensorType.Q3_K,
        QuantizationMix.Q4_K_S or QuantizationMix.Q4_K_M => TensorType.Q4_K,
        QuantizationMix.Q5_K_S or QuantizationMix.Q5_K_M => TensorType.Q5_K,
        QuantizationMix.Q6_K => TensorType.Q6_K,
        _ => throw new ArgumentOutOfRangeException(nameof(mix), mix, "Not a known mix."),
    };

    /// <summary>The mix of that name, whatever its case; <c>Q4_K</c> stands for <c>Q4_K_M</c>, as in llama.cpp.</summary>
    public static bool TryParse(string name, out QuantizationMix mix) =>
        Aliases.TryGetValue(name, out mix) || (Enum.TryParse(name, ignoreCase: true, out mix) && !char.IsAsciiDigit(name[0]) && All.Contains(mix));

    /// <summary>The file type of a model whose matrices all have one type.</summary>
    internal static QuantizationMix ForAll(TensorType type) => type switch
    {
        TensorType.Q3_K => QuantizationMix.Q3_K_S,
        TensorType.Q4_K => QuantizationMix.Q4_K_S,
        TensorType.Q5_K => QuantizationMix.Q5_K_S,
        _ => All.First(mix => mix.BaseType() == type),
    };
}
