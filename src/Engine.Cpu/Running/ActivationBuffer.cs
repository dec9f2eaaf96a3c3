using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Running;

/// <summary>Memory for the input rows of matrix products of one width.</summary>
internal sealed unsafe class ActivationBuffer : IDisposable
{
    private readonly NativeBuffer values;
    private readonly NativeBuffer blocks;

    public ActivationBuffer(int rows, int columns)
    {
        var stride = (columns + Q8Block.Size - 1) / Q8Block.Size * Q8Block.Size;
        values = new NativeBuffer((long)rows * stride * sizeof(float));
        blocks = new NativeBuffer((long)rows * (stride / Q8Block.Size) * sizeof(Q8Block));
        Rows = new ActivationRows(values.Floats, (Q8Block*)blocks.Pointer, columns, stride);
    }

    public ActivationRows Rows { get; }

    public void Quantize(int row) => RowKernels.Quantize(Rows.Values(row), Rows.Blocks(row), Rows.Columns);

    public void Dispose()
    {
        values.Dispose();
        blocks.Dispose();
    }
}
