using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Q6_K's levels: a plane of the lower 4 bits, a plane of the upper 2.</summary>
internal readonly unsafe struct SixBitLevels : ILevelFormat
{
    public static int BlockBytes => 384;

    public static int Levels => 64;

    public static int Centre => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes Load<TBytes>(byte* block, int step, bool second)
        where TBytes : struct, IPanelBytes<TBytes> => BitPlanes.Load<TBytes>(block, 4, step, second, 0) | BitPlanes.Load<TBytes>(block + 256, 2, step, second, 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* block, uint* columns)
    {
        BitPlanes.Write(block, 4, columns, 0);
        BitPlanes.Write(block + 256, 2, columns, 4);
    }

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 4, row, column) | (BitPlanes.Read(block + 256, 2, row, column) << 4);
}
