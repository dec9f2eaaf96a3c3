using System.Buffers.Binary;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary><c>Q4_0</c>: 32 nibbles a block; byte <c>i</c> holds column <c>i</c> below and column <c>i + 16</c> above, which is the panel's form too.</summary>
internal sealed unsafe class Q4Matrix<TDot>(WeightMemory memory, string name, int rows, int columns) : QuantMatrix<Q4Format, TDot>(memory, name, rows, columns)
    where TDot : struct, IByteDot
{
    private const int Groups = 4;

    private protected override void PackBlock(ReadOnlySpan<byte> quants, byte* target)
    {
        for (var group = 0; group < Groups; group++)
            *(uint*)(target + (group * 64)) = BinaryPrimitives.ReadUInt32LittleEndian(quants[(group * 4)..]);
    }

    private protected override void ReadBlock(byte* source, Span<int> values)
    {
        for (var i = 0; i < 16; i++)
        {
            var packed = *(source + (i / 4 * 64) + (i % 4));
            values[i] = (packed & 0x0F) - 8;
            values[i + 16] = (packed >> 4) - 8;
        }
    }
}
