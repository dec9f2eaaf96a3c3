using System.Diagnostics.CodeAnalysis;

namespace Penstock.Models.Quantization;

/// <summary>What a quantized model's matrices become, under llama.cpp's names and with its numbers (<c>general.file_type</c>).</summary>
/// <remarks>
/// A name with <c>_S</c>, <c>_M</c> or <c>_L</c> is a mix: matrices whose error hurts most get a larger type. The others are one type for
/// nearly all matrices. <see cref="Mixes.MixPlan"/> has the rules.
/// </remarks>
[SuppressMessage("Naming", "CA1707", Justification = "These are the field's names, as users type and read them.")]
[SuppressMessage("Design", "CA1008", Justification = "llama.cpp's zero is F32.")]
[SuppressMessage("Design", "CA1028", Justification = "The metadata value is a uint32.")]
public enum QuantizationMix : uint
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q8_0 = 7,
    Q5_0 = 8,
    Q5_1 = 9,
    Q2_K = 10,
    Q3_K_S = 11,
    Q3_K_M = 12,
    Q3_K_L = 13,
    Q4_K_S = 14,
    Q4_K_M = 15,
    Q5_K_S = 16,
    Q5_K_M = 17,
    Q6_K = 18,
    BF16 = 32,
}
