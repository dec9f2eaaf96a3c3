using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Rows 0-7 and 8-15 in a vector of 256 bits each.</summary>
internal readonly unsafe struct PairedLanes(Vector256<float> a, Vector256<float> b) : IPanelLanes<PairedLanes>
{
    private readonly Vector256<float> a = a;
    private readonly Vector256<float> b = b;

    public static int MostRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes operator +(PairedLanes left, PairedLanes right) => new(left.a + right.a, left.b + right.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes operator *(PairedLanes left, PairedLanes right) => new(left.a * right.a, left.b * right.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes FusedMultiplyAdd(PairedLanes left, PairedLanes right, PairedLanes addend) =>
        new(Vector256.FusedMultiplyAdd(left.a, right.a, addend.a), Vector256.FusedMultiplyAdd(left.b, right.b, addend.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes Broadcast(float value)
    {
        var all = Vector256.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes LoadHalves(ushort* source)
    {
        var (low, high) = HalfFloats.Load(source);
        return new(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes LoadBFloats(ushort* source)
    {
        var halves = Vector256.Load(source);
        return new((Vector256.WidenLower(halves) << 16).AsSingle(), (Vector256.WidenUpper(halves) << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes LoadSigned(sbyte* source)
    {
        var words = Vector256.WidenLower(Vector256.Create(Vector128.Load(source), default));
        return new(Vector256.ConvertToSingle(Vector256.WidenLower(words)), Vector256.ConvertToSingle(Vector256.WidenUpper(words)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes LoadBits(byte* source, int shift, byte mask)
    {
        var bits = (Vector128.Load(source).AsUInt16() >> shift).AsByte() & Vector128.Create(mask);
        var words = Vector256.WidenLower(Vector256.Create(bits, default));
        return new(Vector256.ConvertToSingle(Vector256.WidenLower(words).AsInt32()), Vector256.ConvertToSingle(Vector256.WidenUpper(words).AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        a.Store(target);
        b.Store(target + 8);
    }
}
