using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Q3_K's levels: a plane of the lower 2 bits, a plane of the third.</summary>
internal readonly unsafe struct ThreeBitLevels : ILevelFormat
{
    public static int BlockBytes => 192;

    public static int Levels => 8;

    public static int Centre => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes Load<TBytes>(byte* block, int step, bool second)
        where TBytes : struct, IPanelBytes<TBytes> => BitPlanes.Load<TBytes>(block, 2, step, second, 0) | BitPlanes.Load<TBytes>(block + 128, 1, step, second, 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* block, uint* columns)
    {
        BitPlanes.Write(block, 2, columns, 0);
        BitPlanes.Write(block + 128, 1, columns, 2);
    }

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 2, row, column) | (BitPlanes.Read(block + 128, 1, row, column) << 2);
}
