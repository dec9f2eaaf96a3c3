namespace Penstock.Engine.Cpu.Kernels;

/// <summary>The input rows of a matrix product: as floats, and quantized to <see cref="Q8Block"/>s where a weight type asks for it.</summary>
internal readonly unsafe struct ActivationRows(float* values, Q8Block* blocks, int columns, int stride)
{
    /// <summary>Elements of a row.</summary>
    public readonly int Columns = columns;

    /// <summary>Floats from one row to the next, at least <see cref="Columns"/>.</summary>
    public readonly int Stride = stride;

    /// <summary>Blocks from one row to the next.</summary>
    public int BlockStride => Stride / Q8Block.Size;

    /// <summary>The rows from <paramref name="row"/> on.</summary>
    public ActivationRows From(int row) => new(Values(row), Blocks(row), Columns, Stride);

    public float* Values(int row) => values + ((long)row * Stride);

    public Q8Block* Blocks(int row) => blocks + ((long)row * BlockStride);
}
