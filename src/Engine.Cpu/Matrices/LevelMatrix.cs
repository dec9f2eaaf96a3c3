using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary>
/// Weights in levels of 2 to 8 bits with scales for groups, and minima for some: all quantized types: levels and scales of a panel lie apart, so that
/// the levels stay on cache-line borders. K types with six-bit scales take 2 to 4 % more than in the file, the others not a byte.
/// </summary>
internal sealed unsafe class LevelMatrix<TLevels, TScales, TDot, TBytes, TSums, TLanes> : PackedMatrix
    where TLevels : struct, ILevelFormat
    where TScales : struct, IScaleFormat
    where TDot : struct, IPanelDot<TBytes, TSums, TLanes>
    where TBytes : struct, IPanelBytes<TBytes>
    where TSums : struct
    where TLanes : struct, IPanelLanes<TLanes>
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

    private static int Offset => TScales.HasMinima ? 0 : TLevels.Centre;

    private long LevelBytes => (long)Panels * units * TScales.Blocks * TLevels.BlockBytes;

    private long ScaleBytes => (long)Panels * units * TScales.UnitBytes;

    // Runs for a second, once: there is no time to find out that it is hot. All rows of a block together, so that a line of memory is written once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public override bool PackPanel(int panel, ReadOnlySpan<byte> source)
    {
        const int groups = Q8Block.Size / sizeof(uint);
        var (blockBytes, rowBytes) = (type.BlockBytes(), FileRowBytes);
        byte* block = Block(panel * PanelRows, 0, 0), unit = Unit(panel * PanelRows, 0);
        var columns = stackalloc uint[BlockParts.Size / sizeof(uint) * PanelRows];
        var parts = default(BlockParts);
        var finite = true;
        for (var at = 0; at < rowBytes; at += blockBytes, unit += TScales.UnitBytes)
        {
            var rows = source[at..];
            for (var row = 0; row < PanelRows && !rows.IsEmpty; row++, rows = rows[Math.Min(rowBytes, rows.Length)..])
            {
                Unpack(rows[..blockBytes], ref parts);
                finite &= Half.IsFinite(parts.Scale) && Half.IsFinite(parts.Minimum);
                TScales.Write(unit, row, in parts);
                var levelsOfRow = (uint*)&parts.Levels;
                for (var group = 0; group < TScales.Blocks * groups; group++)
                    columns[(group * PanelRows) + row] = levelsOfRow[group];
            }

            for (var i = 0; i < TScales.Blocks; i++, block += TLevels.BlockBytes)
                TLevels.Write(block, columns + (i * groups * PanelRows));
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
        if (panels > 1)
            LevelTile<TLevels, TScales, TDot, TBytes, TSums, TLanes>.PrefetchStart(Block(panel * PanelRows, 0, 0), Unit(panel * PanelRows, 0));
        for (var last = panel + panels; panel < last; panel++)
        {
            LevelTile<TLevels, TScales, TDot, TBytes, TSums, TLanes>.Multiply(
                Block(panel * PanelRows, 0, 0), Unit(panel * PanelRows, 0), in x, count, y + (panel * PanelRows), stride);
        }
    }

    private void Unpack(ReadOnlySpan<byte> block, ref BlockParts parts)
    {
        if (type != TensorType.Q8_0)
        {
            TensorCodec.Unpack(type, block, ref parts);
            return;
        }

        (parts.Scale, parts.Scales[0]) = (BinaryPrimitives.ReadHalfLittleEndian(block), 1);
        block[sizeof(ushort)..].CopyTo(parts.Levels);
    }

    private byte* Block(int row, int unit, int block) =>
        levels + (((((long)(row / PanelRows) * units) + unit) * TScales.Blocks) + block) * TLevels.BlockBytes;

    private byte* Unit(int row, int unit) => scales + ((((long)(row / PanelRows) * units) + unit) * TScales.UnitBytes);
}
