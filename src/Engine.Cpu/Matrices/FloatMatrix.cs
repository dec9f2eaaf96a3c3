using System.Runtime.CompilerServices;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary>Floating-point weights, kept in the file's precision: column after column of 64 weights, four panels side by side, so that a product with one row reads in a straight line.</summary>
internal sealed unsafe class FloatMatrix<TFormat, TLanes> : PackedMatrix
    where TFormat : struct, IFloatFormat
    where TLanes : struct, IPanelLanes<TLanes>
{
    private const int Beside = 4;
    private const int TileColumns = 64;

    private readonly byte* weights;
    private readonly long panelBytes;

    public FloatMatrix(WeightMemory memory, string name, int rows, int columns)
        : base(name, rows, columns)
    {
        panelBytes = (long)columns * PanelRows * TFormat.ElementBytes;
        weights = memory.Allocate(Bytes);
    }

    public override int PanelsBeside => Beside;

    public override bool QuantizedInput => false;

    public override long Bytes => panelBytes * Panels;

    public override int FileRowBytes => Columns * TFormat.ElementBytes;

    public override bool PackPanel(int panel, ReadOnlySpan<byte> source)
    {
        fixed (byte* first = source)
        {
            var rows = source.Length / FileRowBytes;
            if (TFormat.ElementBytes == sizeof(ushort))
                Interleave((ushort*)first, rows, (ushort*)Row(panel * PanelRows), ColumnBytes(panel) / sizeof(ushort));
            else
                Interleave((uint*)first, rows, (uint*)Row(panel * PanelRows), ColumnBytes(panel) / sizeof(uint));
        }

        return TFormat.AllFinite(source);
    }

    public override void ReadRow(int row, float* destination)
    {
        var lanes = stackalloc float[PanelRows];
        var source = Row(row / PanelRows * PanelRows);
        var columnBytes = ColumnBytes(row / PanelRows);
        for (var k = 0; k < Columns; k++, source += columnBytes)
        {
            TFormat.Load<TLanes>(source).Store(lanes);
            destination[k] = lanes[row % PanelRows];
        }
    }

    public override void Multiply(in ActivationRows x, int count, int panel, int panels, float* y, int stride)
    {
        for (var last = panel + panels; panel < last;)
        {
            var beside = Math.Min(last - panel, Beside - (panel % Beside));
            FloatTile<TFormat, TLanes>.Multiply(Row(panel * PanelRows), ColumnBytes(panel), beside, in x, count, y + (panel * PanelRows), stride);
            panel += beside;
        }
    }

    // Runs for a second, once: there is no time to find out that it is hot. Row by row the lines written to would leave the nearest cache in between; column
    // by column so would those read from, which lie a power of two apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Interleave<T>(T* source, int rows, T* target, int stride)
        where T : unmanaged
    {
        for (var first = 0; first < Columns; first += TileColumns, target += TileColumns * stride)
        {
            var count = Math.Min(TileColumns, Columns - first);
            for (var row = 0; row < rows; row++)
            {
                T* from = source + ((long)row * Columns) + first, to = target + row;
                for (var k = 0; k < count; k++, to += stride)
                    *to = from[k];
            }
        }
    }

    // The last panels may be fewer than four.
    private int ColumnBytes(int panel) => Math.Min(Beside, Panels - (panel / Beside * Beside)) * PanelRows * TFormat.ElementBytes;

    private byte* Row(int row)
    {
        var panel = row / PanelRows;
        return weights + (panel / Beside * Beside * panelBytes) + (((panel % Beside * PanelRows) + (row % PanelRows)) * TFormat.ElementBytes);
    }
}
