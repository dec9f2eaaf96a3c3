using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// <c>vpmaddubsw</c> saturates at 16 bits when the unsigned side uses all 8 bits, so the weights' sign moves to the
/// activations: |w|·sign(x, w) is at most 128·127, and two of them fit.
/// </summary>
internal readonly struct Avx2Dot : IByteDot
{
    public static int WeightOffset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> activations)
    {
        var signed = weights.AsSByte();
        var pairs = Avx2.MultiplyAddAdjacent(Avx2.Abs(signed), Avx2.Sign(activations, signed));
        return Avx2.Add(sum, Avx2.MultiplyAddAdjacent(pairs, Vector256.Create((short)1)));
    }

    // Twice 63·127 fits 16 bits: no detour over signs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AccumulateLevels(Vector256<int> sum, Vector256<byte> levels, Vector256<sbyte> activations) =>
        Avx2.Add(sum, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(levels, activations), Vector256.Create((short)1)));
}
