using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Levels of Q4_0, Q4_1 and Q4_K: one plane of 4 bits.</summary>
internal readonly unsafe struct FourBitLevels : ILevelFormat
{
    public static int BlockBytes => 256;

    public static int Levels => 16;

    public static int Centre => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes Load<TBytes>(byte* block, int step, bool second)
        where TBytes : struct, IPanelBytes<TBytes> => BitPlanes.Load<TBytes>(block, 4, step, second, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* block, uint* columns) => BitPlanes.Write(block, 4, columns, 0);

    public static int Read(byte* block, int row, int column) => BitPlanes.Read(block, 4, row, column);
}
