using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>
/// Up to three matrices times the same input rows. Work is shared out by weight panels: a panel is read from memory once a step,
/// by one thread, for all rows.
/// </summary>
internal sealed unsafe class MatMulPhase : ITeamJob
{
    private const int MostMatrices = 3;

    // Enough weights to make claiming free, few enough that the last item of a phase is short (4 µs at 30 GB/s).
    private const long ItemBytes = 128 << 10;

    // Input rows that stay in the second-level cache beside an item's weights.
    private const int RowBlock = 64;

    private readonly PackedMatrix[] matrices = new PackedMatrix[MostMatrices];
    private readonly nint[] outputs = new nint[MostMatrices];
    private readonly int[] strides = new int[MostMatrices];
    private readonly int[] panelsPerItem = new int[MostMatrices];
    private readonly int[] firstItem = new int[MostMatrices + 1];
    private int count;
    private ActivationRows input;
    private int rows;

    public MatMulPhase Begin(in ActivationRows x, int rowCount)
    {
        (input, rows, count) = (x, rowCount, 0);
        return this;
    }

    public MatMulPhase Add(PackedMatrix matrix, float* y, int stride)
    {
        (matrices[count], outputs[count], strides[count]) = (matrix, (nint)y, stride);
        var perPanel = Math.Max(1, matrix.Bytes / matrix.Panels);
        panelsPerItem[count] = (int)Math.Clamp(ItemBytes / perPanel / 4 * 4, 1, 64);
        firstItem[count + 1] = firstItem[count] + ((matrix.Panels + panelsPerItem[count] - 1) / panelsPerItem[count]);
        count++;
        return this;
    }

    public void Run(ThreadTeam team) => team.Run(this, firstItem[count]);

    public void Execute(int item, int worker)
    {
        var index = 0;
        while (item >= firstItem[index + 1])
            index++;

        var matrix = matrices[index];
        var panel = (item - firstItem[index]) * panelsPerItem[index];
        var panels = Math.Min(panelsPerItem[index], matrix.Panels - panel);
        for (var row = 0; row < rows; row += RowBlock)
        {
            var some = input.From(row);
            matrix.Multiply(in some, Math.Min(RowBlock, rows - row), panel, panels, (float*)outputs[index] + ((long)row * strides[index]), strides[index]);
        }
    }
}
