using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// The one instruction sequence in which kernel paths differ: lane-wise sums of four byte products. Integer arithmetic is
/// exact, so paths that differ here agree to the last bit everywhere.
/// </summary>
internal interface IByteDot
{
    /// <summary>Added to signed 8-bit weights when they are packed: 128 where the instruction wants them unsigned, else 0.</summary>
    static abstract int WeightOffset { get; }

    /// <summary><c>sum[lane] + Σ weights[4·lane + i]·activations[4·lane + i]</c>. Activations lie in -127..127; weights are signed or unsigned as <see cref="WeightOffset"/> says, or 0..15.</summary>
    static abstract Vector256<int> Accumulate(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> activations);

    /// <summary>The same for weights in 0..63, whatever <see cref="WeightOffset"/> says.</summary>
    static abstract Vector256<int> AccumulateLevels(Vector256<int> sum, Vector256<byte> levels, Vector256<sbyte> activations);
}
