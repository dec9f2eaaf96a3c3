using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Q6_K's levels: a plane of the lower 4 bits, a plane of the upper 2.</summary>
internal readonly unsafe struct SixBitLevels : ILevelFormat
{
    public static int BlockBytes => 384;

    public static int Levels => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* block, int step, out Vector256<byte> firstA, out Vector256<byte> firstB, out Vector256<byte> secondA, out Vector256<byte> secondB)
    {
        firstA = BitPlanes.Load(block, 4, 2 * step, 0) | BitPlanes.Load(block + 256, 2, 2 * step, 4);
        firstB = BitPlanes.Load(block + 32, 4, 2 * step, 0) | BitPlanes.Load(block + 288, 2, 2 * step, 4);
        secondA = BitPlanes.Load(block, 4, (2 * step) + 1, 0) | BitPlanes.Load(block + 256, 2, (2 * step) + 1, 4);
        secondB = BitPlanes.Load(block + 32, 4, (2 * step) + 1, 0) | BitPlanes.Load(block + 288, 2, (2 * step) + 1, 4);
    }

    public static void Write(byte* block, int row, byte* levels)
    {
        BitPlanes.Write(block, 4, row, levels, 0);
        BitPlanes.Write(block + 256, 2, row, levels, 4);
    }

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 4, row, column) | (BitPlanes.Read(block + 256, 2, row, column) << 4);
}
