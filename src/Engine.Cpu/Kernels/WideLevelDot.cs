using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// Levels of up to 6 bits on AVX-512: sums of two products fit 16 bits 8 times over for 4 bits (8·2·15·127 = 30,480) and twice for 6 (2·2·63·127 = 32,004),
/// so most steps are one <c>vpmaddubsw</c> of 512 bits and one addition; a second multiplication widens the sums when they are full.
/// </summary>
internal readonly unsafe struct WideLevelDot<TLevels> : IPanelDot<WideBytes, WideSums, WideLanes>
    where TLevels : struct, ILevelFormat
{
    public static int MostRows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSums Begin(int start) => new() { All = Vector512.Create(start) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref WideSums sums, WideBytes weights, sbyte* activations, bool second)
    {
        var products = Avx512BW.MultiplyAddAdjacent(weights.All, Vector512.Create(*(int*)activations).AsSByte());
        if (TLevels.Levels <= 16)
        {
            sums.Pairs += products;
            return;
        }

        if (!second)
            sums.Pairs = products;
        else
            sums.All += Widened(sums.Pairs + products);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes End(in WideSums sums) => new(Vector512.ConvertToSingle(TLevels.Levels <= 16 ? sums.All + Widened(sums.Pairs) : sums.All));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widened(Vector512<short> pairs) => Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One);
}
