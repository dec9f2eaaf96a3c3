using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary>Floating-point weights, kept in the file's precision: in each panel, column after column of 16 weights.</summary>
internal sealed unsafe class FloatMatrix<TFormat> : PackedMatrix
    where TFormat : struct, IFloatFormat
{
    private readonly byte* weights;
    private readonly long panelBytes;

    public FloatMatrix(WeightMemory memory, string name, int rows, int columns)
        : base(name, rows, columns)
    {
        panelBytes = (long)columns * PanelRows * TFormat.ElementBytes;
        weights = memory.Allocate(Bytes);
    }

    public override bool QuantizedInput => false;

    public override long Bytes => panelBytes * Panels;

    public override int FileRowBytes => Columns * TFormat.ElementBytes;

    public override bool PackRow(int row, ReadOnlySpan<byte> source)
    {
        var target = weights + (row / PanelRows * panelBytes) + (row % PanelRows * TFormat.ElementBytes);
        var finite = true;
        for (var k = 0; k < Columns; k++, target += PanelRows * TFormat.ElementBytes)
        {
            var element = source.Slice(k * TFormat.ElementBytes, TFormat.ElementBytes);
            element.CopyTo(new Span<byte>(target, TFormat.ElementBytes));
            finite &= TFormat.IsFinite(element);
        }

        return finite;
    }

    public override void ReadRow(int row, float* destination)
    {
        var source = weights + (row / PanelRows * panelBytes);
        for (var k = 0; k < Columns; k++, source += PanelRows * TFormat.ElementBytes)
        {
            var (a, b) = TFormat.Load(source);
            destination[k] = row % PanelRows < 8 ? a[row % PanelRows] : b[(row % PanelRows) - 8];
        }
    }

    public override void Multiply(in ActivationRows x, int count, int panel, int panels, float* y, int stride)
    {
        var last = panel + panels;
        if (count == 1)
        {
            for (; panel + 4 <= last; panel += 4)
                FloatTile<TFormat>.OneByFourPanels(weights + (panel * panelBytes), panelBytes, in x, 0, y + (panel * PanelRows));
        }

        for (; panel < last; panel++)
        {
            var w = weights + (panel * panelBytes);
            var output = y + (panel * PanelRows);
            var row = 0;
            for (; row + 4 <= count; row += 4)
                FloatTile<TFormat>.Four(w, in x, row, output + ((long)row * stride), stride);

            if (row + 2 <= count)
            {
                FloatTile<TFormat>.Two(w, in x, row, output + ((long)row * stride), stride);
                row += 2;
            }

            if (row < count)
                FloatTile<TFormat>.One(w, in x, row, output + ((long)row * stride));
        }
    }
}
