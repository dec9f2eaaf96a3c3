namespace Penstock.Engine.Cpu.Running;

/// <summary>
/// Which instructions multiply quantized weights. All paths compute the same integer sums and the same order of floating-point
/// operations, so they agree to the last bit; they differ in speed only. The fastest comes first.
/// </summary>
public enum KernelPath
{
    /// <summary>The fastest that this processor has.</summary>
    Auto,

    /// <summary>AVX-512 with byte and word instructions, where .NET holds vectors of 512 bits to be fast: Zen 4 and 5, Sapphire Rapids.</summary>
    Avx512,

    /// <summary>AVX-VNNI: Zen 5, Alder Lake and later.</summary>
    AvxVnni,

    /// <summary>AVX2 with FMA: Haswell, Zen and later.</summary>
    Avx2,

    /// <summary>Arm64 with the dot product instructions: Armv8.2 and later, all Apple silicon.</summary>
    AdvSimd,

    /// <summary>.NET's portable vectors: every processor.</summary>
    Portable,
}
