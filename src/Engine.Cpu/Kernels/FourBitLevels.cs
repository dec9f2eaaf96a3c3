using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Levels of Q4_1 and Q4_K: one plane of 4 bits.</summary>
internal readonly unsafe struct FourBitLevels : ILevelFormat
{
    public static int BlockBytes => 256;

    public static int Levels => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* block, int step, out Vector256<byte> firstA, out Vector256<byte> firstB, out Vector256<byte> secondA, out Vector256<byte> secondB)
    {
        firstA = BitPlanes.Load(block, 4, 2 * step, 0);
        firstB = BitPlanes.Load(block + 32, 4, 2 * step, 0);
        secondA = BitPlanes.Load(block, 4, (2 * step) + 1, 0);
        secondB = BitPlanes.Load(block + 32, 4, (2 * step) + 1, 0);
    }

    public static void Write(byte* block, int row, byte* levels) => BitPlanes.Write(block, 4, row, levels, 0);

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 4, row, column);
}
