using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Levels of Q5_0, Q5_1 and Q5_K: a plane of the lower 4 bits, a plane of the fifth.</summary>
internal readonly unsafe struct FiveBitLevels : ILevelFormat
{
    public static int BlockBytes => 320;

    public static int Levels => 32;

    public static int Centre => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes Load<TBytes>(byte* block, int step, bool second)
        where TBytes : struct, IPanelBytes<TBytes> => BitPlanes.Load<TBytes>(block, 4, step, second, 0) | BitPlanes.Load<TBytes>(block + 256, 1, step, second, 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* block, uint* columns)
    {
        BitPlanes.Write(block, 4, columns, 0);
        BitPlanes.Write(block + 256, 1, columns, 4);
    }

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 4, row, column) | (BitPlanes.Read(block + 256, 1, row, column) << 4);
}
