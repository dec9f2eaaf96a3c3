using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>4-bit weights as 0..15, to be read as -8..7: 64 bytes a step, columns 0-15 of the block in the low nibbles and 16-31 in the high ones.</summary>
internal readonly unsafe struct Q4Format : IQuantFormat
{
    public static int StepBytes => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Correction(in Q8Block block) => block.Correction8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, out Vector256<byte> lowA, out Vector256<byte> lowB, out Vector256<byte> highA, out Vector256<byte> highB)
    {
        var nibble = Vector256.Create((byte)0x0F);
        var (a, b) = (Vector256.Load(step), Vector256.Load(step + 32));
        lowA = a & nibble;
        lowB = b & nibble;
        highA = (a.AsUInt16() >> 4).AsByte() & nibble;
        highB = (b.AsUInt16() >> 4).AsByte() & nibble;
    }
}
