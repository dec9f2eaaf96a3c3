using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary>
/// Weights in levels of 2 to 6 bits with scales for groups, and minima for some (Q4_1, Q5_0, Q5_1 and the K types): levels and scales of a panel lie apart, so that
/// the levels stay on cache-line borders. K types with six-bit scales take 2 to 4 % more than in the file, the others not a byte.
/// </summary>
internal sealed unsafe class LevelMatrix<TLevels, TScales, TDot> : PackedMatrix
    where TLevels : struct, ILevelFormat
    where TScales : struct, IScaleFormat
    where TDot : struct, IByteDot
{
    private readonly TensorType type;
    private readonly byte* levels;
    private readonly byte* scales;
    private readonly int units;

    public LevelMatrix(TensorType type, WeightMemory memory, string name, int rows, int columns)
        : base(name, rows, columns)
    {
        this.type = type;
        units = columns / type.BlockElements();
        levels = memory.Allocate(LevelBytes);
        scales = memory.Allocate(ScaleBytes);
    }

    public override bool QuantizedInput => true;

    public override long Bytes => LevelBytes + ScaleBytes;

    public override int FileRowBytes => units * type.BlockBytes();

    private static int Offset => TScales.HasMinima ? 0 : TLevels.Levels / 2;

    private long LevelBytes => (long)Panels * units * TScales.Blocks * TLevels.BlockBytes;

    private long ScaleBytes => (long)Panels * units * TScales.UnitBytes;

    public override bool PackRow(int row, ReadOnlySpan<byte> source)
    {
        var parts = default(BlockParts);
        var finite = true;
        for (var unit = 0; unit < units; unit++)
        {
            TensorCodec.Unpack(type, source.Slice(unit * type.BlockBytes(), type.BlockBytes()), ref parts);
            finite &= Half.IsFinite(parts.Scale) && Half.IsFinite(parts.Minimum);
            TScales.Write(Unit(row, unit), row % PanelRows, in parts);
            fixed (byte* first = (ReadOnlySpan<byte>)parts.Levels)
            {
                for (var block = 0; block < TScales.Blocks; block++)
                    TLevels.Write(Block(row, unit, block), row % PanelRows, first + (block * Q8Block.Size));
            }
        }

        return finite;
    }

    public override void ReadRow(int row, float* destination)
    {
        const int half = Q8Block.Size / 2;
        for (var unit = 0; unit < units; unit++)
        {
            for (var block = 0; block < TScales.Blocks; block++)
            {
                var source = Block(row, unit, block);
                for (var column = 0; column < Q8Block.Size; column++)
                {
                    var (scale, minimum) = TScales.Read(Unit(row, unit), row % PanelRows, block, column / half);
                    *destination++ = (scale * (TLevels.Read(source, row % PanelRows, column) - Offset)) + minimum;
                }
            }
        }
    }

    public override void Multiply(in ActivationRows x, int count, int panel, int panels, float* y, int stride)
    {
        for (var last = panel + panels; panel < last; panel++)
        {
            var l = Block(panel * PanelRows, 0, 0);
            var s = Unit(panel * PanelRows, 0);
            var output = y + (panel * PanelRows);
            var row = 0;
            for (; row + 4 <= count; row += 4)
                LevelTile<TLevels, TScales, TDot>.Four(l, s, in x, row, output + ((long)row * stride), stride);

            if (row + 2 <= count)
            {
                LevelTile<TLevels, TScales, TDot>.Two(l, s, in x, row, output + ((long)row * stride), stride);
                row += 2;
            }

            if (row < count)
                LevelTile<TLevels, TScales, TDot>.One(l, s, in x, row, output + ((long)row * stride));
        }
    }

    private byte* Block(int row, int unit, int block) =>
        levels + (((((long)(row / PanelRows) * units) + unit) * TScales.Blocks) + block) * TLevels.BlockBytes;

    private byte* Unit(int row, int unit) => scales + ((((long)(row / PanelRows) * units) + unit) * TScales.UnitBytes);
}
