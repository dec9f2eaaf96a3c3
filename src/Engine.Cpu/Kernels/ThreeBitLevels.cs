using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Q3_K's levels: a plane of the lower 2 bits, a plane of the third.</summary>
internal readonly unsafe struct ThreeBitLevels : ILevelFormat
{
    public static int BlockBytes => 192;

    public static int Levels => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* block, int step, out Vector256<byte> firstA, out Vector256<byte> firstB, out Vector256<byte> secondA, out Vector256<byte> secondB)
    {
        firstA = BitPlanes.Load(block, 2, 2 * step, 0) | BitPlanes.Load(block + 128, 1, 2 * step, 2);
        firstB = BitPlanes.Load(block + 32, 2, 2 * step, 0) | BitPlanes.Load(block + 160, 1, 2 * step, 2);
        secondA = BitPlanes.Load(block, 2, (2 * step) + 1, 0) | BitPlanes.Load(block + 128, 1, (2 * step) + 1, 2);
        secondB = BitPlanes.Load(block + 32, 2, (2 * step) + 1, 0) | BitPlanes.Load(block + 160, 1, (2 * step) + 1, 2);
    }

    public static void Write(byte* block, int row, byte* levels)
    {
        BitPlanes.Write(block, 2, row, levels, 0);
        BitPlanes.Write(block + 128, 1, row, levels, 2);
    }

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 2, row, column) | (BitPlanes.Read(block + 128, 1, row, column) << 2);
}
