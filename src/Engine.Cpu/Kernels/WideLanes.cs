using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>All 16 rows in one vector of 512 bits (AVX-512).</summary>
internal readonly unsafe struct WideLanes(Vector512<float> all) : IPanelLanes<WideLanes>
{
    private readonly Vector512<float> all = all;

    public static int MostRows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes operator +(WideLanes left, WideLanes right) => new(left.all + right.all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes operator *(WideLanes left, WideLanes right) => new(left.all * right.all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes FusedMultiplyAdd(WideLanes left, WideLanes right, WideLanes addend) => new(Vector512.FusedMultiplyAdd(left.all, right.all, addend.all));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes LoadHalves(ushort* source) => new(HalfFloats.Widen(Avx512F.ConvertToVector512Int32(Vector256.Load((short*)source))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes LoadBFloats(ushort* source) => new((Avx512F.ConvertToVector512Int32(Vector256.Load(source)) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes LoadSigned(sbyte* source) => new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes LoadBits(byte* source, int shift, byte mask)
    {
        var bits = (Vector128.Load(source).AsUInt16() >> shift).AsByte() & Vector128.Create(mask);
        return new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(bits)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => all.Store(target);
}
