using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;

namespace Penstock.Engine.Cpu.Tests.Phases;

/// <summary>Computes nothing and remembers what it was asked for: rows are told apart by where their outputs go.</summary>
internal sealed unsafe class RecordingMatrix(int rows, int columns, int beside, long panelBytes) : PackedMatrix("recording", rows, columns)
{
    public List<(long FirstRow, int Rows, int Panel, int Panels)> Calls { get; } = [];

    public override int PanelsBeside => beside;

    public override bool QuantizedInput => false;

    public override long Bytes => panelBytes * Panels;

    public override int FileRowBytes => 0;

    public override bool PackPanel(int panel, ReadOnlySpan<byte> source) => true;

    public override void ReadRow(int row, float* destination) => throw new NotSupportedException();

    public override void Multiply(in ActivationRows x, int count, int panel, int panels, float* y, int stride)
    {
        lock (Calls)
            Calls.Add(((long)y / sizeof(float) / stride, count, panel, panels));
    }
}
