using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary>
/// A weight matrix in memory, repacked from the file's rows into panels of <see cref="PanelRows"/> rows that lie interleaved,
/// so that one vector holds the same columns of many rows and every output has a lane of its own. The last panel is padded with zeros.
/// The memory belongs to a <see cref="Memory.WeightMemory"/>.
/// </summary>
internal abstract unsafe class PackedMatrix(string name, int rows, int columns)
{
    /// <summary>Weight rows (outputs) of a panel.</summary>
    public const int PanelRows = 16;

    /// <summary>The tensor's name in the file.</summary>
    public string Name { get; } = name;

    /// <summary>Outputs.</summary>
    public int Rows { get; } = rows;

    /// <summary>Inputs: the length of every reduction.</summary>
    public int Columns { get; } = columns;

    public int Panels => (Rows + PanelRows - 1) / PanelRows;

    /// <summary>Panels that lie side by side: only whole groups of so many are read and multiplied at full speed.</summary>
    public virtual int PanelsBeside => 1;

    /// <summary>Whether the kernels read the quantized form of their input rows.</summary>
    public abstract bool QuantizedInput { get; }

    /// <summary>Bytes of weights and scales that a product with all rows reads.</summary>
    public abstract long Bytes { get; }

    /// <summary>Bytes of one row as the file has it.</summary>
    public abstract int FileRowBytes { get; }

    /// <summary>Takes a panel's rows from the file's form. Panels are independent: any order, any thread.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="source">Its rows, one after the other: <see cref="PanelRows"/>, of the last panel those that there are.</param>
    /// <returns>False when a row has a weight or scale that is not finite.</returns>
    public abstract bool PackPanel(int panel, ReadOnlySpan<byte> source);

    /// <summary>The row as floats: the lookup of a token's embedding.</summary>
    public abstract void ReadRow(int row, float* destination);

    /// <summary>Outputs of some panels for all input rows: <c>y[i·stride + r] = Σ weight[r, k]·x[i, k]</c>.</summary>
    /// <param name="x">Input rows of <see cref="Columns"/>.</param>
    /// <param name="count">Input rows, from 0.</param>
    /// <param name="panel">First panel.</param>
    /// <param name="panels">Panels to compute.</param>
    /// <param name="y">Output rows; whole panels are written, so the stride covers the padding.</param>
    /// <param name="stride">Floats from one output row to the next.</param>
    public abstract void Multiply(in ActivationRows x, int count, int panel, int panels, float* y, int stride);
}
