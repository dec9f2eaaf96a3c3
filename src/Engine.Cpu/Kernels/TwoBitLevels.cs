using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Q2_K's levels: one plane of 2 bits.</summary>
internal readonly unsafe struct TwoBitLevels : ILevelFormat
{
    public static int BlockBytes => 128;

    public static int Levels => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* block, int step, out Vector256<byte> firstA, out Vector256<byte> firstB, out Vector256<byte> secondA, out Vector256<byte> secondB)
    {
        firstA = BitPlanes.Load(block, 2, 2 * step, 0);
        firstB = BitPlanes.Load(block + 32, 2, 2 * step, 0);
        secondA = BitPlanes.Load(block, 2, (2 * step) + 1, 0);
        secondB = BitPlanes.Load(block + 32, 2, (2 * step) + 1, 0);
    }

    public static void Write(byte* block, int row, byte* levels) => BitPlanes.Write(block, 2, row, levels, 0);

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 2, row, column);
}
