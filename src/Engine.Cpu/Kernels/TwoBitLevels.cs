using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Q2_K's levels: one plane of 2 bits.</summary>
internal readonly unsafe struct TwoBitLevels : ILevelFormat
{
    public static int BlockBytes => 128;

    public static int Levels => 4;

    public static int Centre => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes Load<TBytes>(byte* block, int step, bool second)
        where TBytes : struct, IPanelBytes<TBytes> => BitPlanes.Load<TBytes>(block, 2, step, second, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* block, uint* columns) => BitPlanes.Write(block, 2, columns, 0);

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 2, row, column);
}
