using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>A <see cref="LoraFactor"/> in a floating-point format: in each panel, column after column of 16 weights.</summary>
internal sealed unsafe class LoraFactorOf<TFormat, TLanes>(WeightMemory memory, int outputs, int inputs) : LoraFactor(outputs, inputs)
    where TFormat : struct, IFloatFormat
    where TLanes : struct, IPanelLanes<TLanes>
{
    private readonly long panelBytes = (long)inputs * PanelRows * TFormat.ElementBytes;
    private readonly byte* weights = memory.Allocate((outputs + PanelRows - 1) / PanelRows * (long)inputs * PanelRows * TFormat.ElementBytes);

    /// <summary>Bytes of all panels.</summary>
    public long Bytes => panelBytes * Panels;

    /// <summary>Where a weight lies.</summary>
    public byte* At(int output, int input) =>
        weights + (output / PanelRows * panelBytes) + (((input * PanelRows) + (output % PanelRows)) * TFormat.ElementBytes);

    public override void Down(int panel, ReadOnlySpan<LoraRow> rows)
    {
        var source = weights + (panel * panelBytes);
        var offset = panel * PanelRows;
        var x = stackalloc float*[4];
        var t = stackalloc float*[4];
        var scales = stackalloc float[4];
        var row = 0;
        for (; row + 4 <= rows.Length; row += 4)
        {
            for (var i = 0; i < 4; i++)
            {
                x[i] = rows[row + i].X;
                t[i] = rows[row + i].T + offset;
                scales[i] = rows[row + i].Scale;
            }

            LoraTile<TFormat, TLanes>.DownFour(source, x, Inputs, scales, t);
        }

        for (; row < rows.Length; row++)
            LoraTile<TFormat, TLanes>.Down(source, rows[row].X, Inputs, rows[row].Scale, rows[row].T + offset);
    }

    public override void Up(int first, int last, ReadOnlySpan<LoraRow> rows)
    {
        var t = stackalloc float*[4];
        var y = stackalloc float*[4];
        var row = 0;
        for (; row + 4 <= rows.Length; row += 4)
        {
            for (var i = 0; i < 4; i++)
            {
                t[i] = rows[row + i].T;
                y[i] = rows[row + i].Y;
            }

            for (var panel = first; panel < last; panel++)
                LoraTile<TFormat, TLanes>.UpFour(weights + (panel * panelBytes), t, Inputs, y, panel * PanelRows);
        }

        for (; row < rows.Length; row++)
        {
            for (var panel = first; panel < last; panel++)
                LoraTile<TFormat, TLanes>.Up(weights + (panel * panelBytes), rows[row].T, Inputs, rows[row].Y + (panel * PanelRows));
        }
    }
}
