using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Q8_0's bytes: signed, or offset by 128 where <typeparamref name="TDot"/> wants them unsigned.</summary>
internal readonly unsafe struct EightBitLevels<TDot> : ILevelFormat
    where TDot : struct, IByteDot
{
    public static int BlockBytes => 512;

    public static int Levels => 256;

    public static int Centre => TDot.WeightOffset;

    private static uint SignFlip => TDot.WeightOffset == 0 ? 0u : 0x80808080u;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes Load<TBytes>(byte* block, int step, bool second)
        where TBytes : struct, IPanelBytes<TBytes> => TBytes.Load(block + (step * 128) + (second ? 64 : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* block, uint* columns)
    {
        for (var i = 0; i < 128; i += 8)
            (Vector256.Load(columns + i) ^ Vector256.Create(SignFlip)).Store((uint*)block + i);
    }

    public static int Read(byte* block, int row, int column)
    {
        var stored = *Group(block, row, column / 4) >> (column % 4 * 8);
        return TDot.WeightOffset == 0 ? (sbyte)stored : (byte)stored;
    }

    private static uint* Group(byte* block, int row, int group) => (uint*)(block + (group * 64) + (row * 4));
}
