namespace Penstock.Engine.Cpu.Adapters;

/// <summary>Multiplies by matrices of adapters that lie in one format. Without state.</summary>
internal abstract unsafe class LoraKernel
{
    public const int PanelRows = 16;

    /// <summary>Bytes of a panel.</summary>
    /// <param name="inputs">Columns.</param>
    public abstract long PanelBytes(int inputs);

    /// <summary>Writes one output's weights into its panel.</summary>
    /// <param name="panel">Where the panel begins.</param>
    /// <param name="lane">The output's place in it.</param>
    /// <param name="inputs">Columns.</param>
    /// <param name="source">Block after block: the header's part of one output, then its weights.</param>
    public abstract void Fill(byte* panel, int lane, int inputs, ReadOnlySpan<byte> source);

    /// <summary><c>t = scale·(M x)</c> of one panel for each row.</summary>
    /// <param name="factor">The matrix.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="ahead">What is read next.</param>
    /// <param name="rows">Rows; <c>x</c>, <c>t</c> and the scale of each.</param>
    public abstract void Down(in LoraFactor factor, int panel, byte* ahead, ReadOnlySpan<LoraRow> rows);

    /// <summary><c>y += M t</c> of some panels for each row.</summary>
    /// <param name="factor">The matrix.</param>
    /// <param name="first">First panel.</param>
    /// <param name="last">One past the last.</param>
    /// <param name="ahead">What is read next.</param>
    /// <param name="rows">Rows; <c>t</c> and <c>y</c> of each.</param>
    public abstract void Up(in LoraFactor factor, int first, int last, byte* ahead, ReadOnlySpan<LoraRow> rows);
}
