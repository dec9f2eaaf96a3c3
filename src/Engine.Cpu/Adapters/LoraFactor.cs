namespace Penstock.Engine.Cpu.Adapters;

/// <summary>One of the two matrices of an adapter's pair, in panels of 16 outputs. Belongs to the adapter's memory.</summary>
internal abstract unsafe class LoraFactor(int outputs, int inputs)
{
    public const int PanelRows = 16;

    public int Outputs { get; } = outputs;

    public int Inputs { get; } = inputs;

    public int Panels => (Outputs + PanelRows - 1) / PanelRows;

    /// <summary><c>t = scale·(M x)</c> of one panel for each row.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="rows">Rows; <c>x</c>, <c>t</c> and the scale of each.</param>
    public abstract void Down(int panel, ReadOnlySpan<LoraRow> rows);

    /// <summary><c>y += M t</c> of some panels for each row.</summary>
    /// <param name="first">First panel.</param>
    /// <param name="last">One past the last.</param>
    /// <param name="rows">Rows; <c>t</c> and <c>y</c> of each.</param>
    public abstract void Up(int first, int last, ReadOnlySpan<LoraRow> rows);
}
