using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>The <see cref="LoraKernel"/> of a format.</summary>
internal sealed unsafe class LoraKernelOf<TFormat, TLanes> : LoraKernel
    where TFormat : struct, ILoraFormat
    where TLanes : struct, IPanelLanes<TLanes>
{
    public static LoraKernelOf<TFormat, TLanes> Instance { get; } = new();

    public override long PanelBytes(int inputs) =>
        ((long)inputs * PanelRows * TFormat.ElementBytes) + ((inputs + (long)TFormat.BlockColumns - 1) / TFormat.BlockColumns * TFormat.HeaderBytes);

    public override void Fill(byte* panel, int lane, int inputs, ReadOnlySpan<byte> source)
    {
        var (header, size) = (TFormat.HeaderBytes / PanelRows, TFormat.ElementBytes);
        for (var input = 0; input < inputs;)
        {
            source[..header].CopyTo(new Span<byte>(panel + (lane * header), header));
            source = source[header..];
            panel += TFormat.HeaderBytes;
            var end = input + Math.Min(TFormat.BlockColumns, inputs - input);
            for (; input < end; input++, panel += PanelRows * size)
            {
                source[..size].CopyTo(new Span<byte>(panel + (lane * size), size));
                source = source[size..];
            }
        }
    }

    public override void Down(in LoraFactor factor, int panel, byte* ahead, ReadOnlySpan<LoraRow> rows)
    {
        var source = factor.Panel(panel);
        var offset = panel * PanelRows;
        var row = 0;
        if (rows.Length >= 4)
        {
            var x = stackalloc float*[4];
            var t = stackalloc float*[4];
            var scales = stackalloc float[4];
            for (; row + 4 <= rows.Length; row += 4)
            {
                for (var i = 0; i < 4; i++)
                {
                    x[i] = rows[row + i].X;
                    t[i] = rows[row + i].T + offset;
                    scales[i] = rows[row + i].Scale;
                }

                LoraTile<TFormat, TLanes>.DownFour(source, x, factor.Inputs, scales, t);
            }
        }

        for (; row < rows.Length; row++)
            LoraTile<TFormat, TLanes>.Down(source, ahead, rows[row].X, factor.Inputs, rows[row].Scale, rows[row].T + offset);
    }

    public override void Up(in LoraFactor factor, int first, int last, byte* ahead, ReadOnlySpan<LoraRow> rows)
    {
        var source = factor.Panel(first);
        var panelBytes = PanelBytes(factor.Inputs);
        var row = 0;
        if (rows.Length >= 4)
        {
            var t = stackalloc float*[4];
            var y = stackalloc float*[4];
            for (; row + 4 <= rows.Length; row += 4)
            {
                for (var i = 0; i < 4; i++)
                {
                    t[i] = rows[row + i].T;
                    y[i] = rows[row + i].Y;
                }

                for (var panel = first; panel < last; panel++)
                    LoraTile<TFormat, TLanes>.UpFour(source + ((panel - first) * panelBytes), t, factor.Inputs, y, panel * PanelRows);
            }
        }

        for (; row < rows.Length; row++)
            LoraTile<TFormat, TLanes>.Up(source, panelBytes, last - first, ahead, rows[row].T, factor.Inputs, rows[row].Y + (first * PanelRows));
    }
}
