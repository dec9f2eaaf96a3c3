using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Levels of Q5_0, Q5_1 and Q5_K: a plane of the lower 4 bits, a plane of the fifth.</summary>
internal readonly unsafe struct FiveBitLevels : ILevelFormat
{
    public static int BlockBytes => 320;

    public static int Levels => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* block, int step, out Vector256<byte> firstA, out Vector256<byte> firstB, out Vector256<byte> secondA, out Vector256<byte> secondB)
    {
        firstA = BitPlanes.Load(block, 4, 2 * step, 0) | BitPlanes.Load(block + 256, 1, 2 * step, 4);
        firstB = BitPlanes.Load(block + 32, 4, 2 * step, 0) | BitPlanes.Load(block + 288, 1, 2 * step, 4);
        secondA = BitPlanes.Load(block, 4, (2 * step) + 1, 0) | BitPlanes.Load(block + 256, 1, (2 * step) + 1, 4);
        secondB = BitPlanes.Load(block + 32, 4, (2 * step) + 1, 0) | BitPlanes.Load(block + 288, 1, (2 * step) + 1, 4);
    }

    public static void Write(byte* block, int row, byte* levels)
    {
        BitPlanes.Write(block, 4, row, levels, 0);
        BitPlanes.Write(block + 256, 1, row, levels, 4);
    }

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 4, row, column) | (BitPlanes.Read(block + 256, 1, row, column) << 4);
}
