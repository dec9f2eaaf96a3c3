using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>A dot product of 256 bits for each half of a panel.</summary>
internal readonly unsafe struct PairedDot<TLevels, TDot> : IPanelDot<PairedBytes, PairedSums, PairedLanes>
    where TLevels : struct, ILevelFormat
    where TDot : struct, IByteDot
{
    public static int MostRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedSums Begin(int start)
    {
        var all = Vector256.Create(start);
        return new() { A = all, B = all };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref PairedSums sums, PairedBytes weights, sbyte* activations, bool second)
    {
        var x = Vector256.Create(*(int*)activations).AsSByte();
        if (TLevels.Levels <= 64)
        {
            sums.A = TDot.AccumulateLevels(sums.A, weights.A, x);
            sums.B = TDot.AccumulateLevels(sums.B, weights.B, x);
        }
        else
        {
            sums.A = TDot.Accumulate(sums.A, weights.A, x);
            sums.B = TDot.Accumulate(sums.B, weights.B, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes End(in PairedSums sums) => new(Vector256.ConvertToSingle(sums.A), Vector256.ConvertToSingle(sums.B));
}
