using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>
/// K types keep the bits of 32 values that follow each other in 32 bytes, at the same place of each. So 32 levels at a time are a shift and a mask, and run
/// <c>r</c> (values <c>32r..32r+31</c>) says where.
/// </summary>
internal static class BitRuns
{
    public const int Count = BlockParts.Size / Length;

    private const int Length = 32;

    /// <summary>Two bits a level (Q2_K, Q3_K, the upper ones of Q6_K): 32 bytes for 128 values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Two(ReadOnlySpan<byte> bytes, int run) => Field(bytes[(run / 4 * Length)..], run % 4 * 2, 3);

    /// <summary>One bit a level (the third of Q3_K, the fifth of Q5_K): 32 bytes for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> One(ReadOnlySpan<byte> bytes, int run) => Field(bytes, run, 1);

    /// <summary>Four bits a level, 32 bytes for 64 values (Q4_K, Q5_K).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Four(ReadOnlySpan<byte> bytes, int run) => Field(bytes[(run / 2 * Length)..], run % 2 * 4, 15);

    /// <summary>Four bits a level, 64 bytes for 128 values (the lower ones of Q6_K).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> FourOfSix(ReadOnlySpan<byte> bytes, int run) => Field(bytes[((run / 4 * 2 * Length) + (run % 2 * Length))..], run % 4 / 2 * 4, 15);

    /// <summary>The levels' higher bits: moved up by <paramref name="bits"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Above(Vector256<byte> field, int bits) => (field.AsUInt16() << bits).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> levels, ref BlockParts parts, int run) => levels.CopyTo(((Span<byte>)parts.Levels)[(run * Length)..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Field(ReadOnlySpan<byte> bytes, int shift, byte mask) =>
        (Vector256.Create(bytes).AsUInt16() >> shift).AsByte() & Vector256.Create(mask);
}
