using System.Buffers.Binary;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary><c>Q8_0</c>: 32 signed bytes a block, offset as the path's dot product wants them.</summary>
internal sealed unsafe class Q8Matrix<TDot>(WeightMemory memory, string name, int rows, int columns) : QuantMatrix<Q8Format<TDot>, TDot>(memory, name, rows, columns)
    where TDot : struct, IByteDot
{
    private const int Groups = 8;

    private static uint SignFlip => TDot.WeightOffset == 0 ? 0u : 0x80808080u;

    private protected override void PackBlock(ReadOnlySpan<byte> quants, byte* target)
    {
        for (var group = 0; group < Groups; group++)
            *Group(target, group) = BinaryPrimitives.ReadUInt32LittleEndian(quants[(group * 4)..]) ^ SignFlip;
    }

    private protected override void ReadBlock(byte* source, Span<int> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (sbyte)((*Group(source, i / 4) ^ SignFlip) >> (i % 4 * 8));
    }

    // Step j holds columns 4j.. (group j) and then 16 + 4j.. (group j + 4), 64 bytes each.
    private static uint* Group(byte* block, int group) => (uint*)(block + (((group % 4 * 2) + (group / 4)) * 64));
}
