using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>
/// Up to three matrices times the same input rows. Work is shared out by weight panels: a panel is read from memory once a step,
/// by one thread, for all rows.
/// </summary>
/// <remarks>
/// Items shrink from long runs of panels to single ones (guided self-scheduling, Polychronopoulos and Kuck 1987): a thread
/// streams in a straight line for most of the phase, since every jump waits for memory, and yet all threads end together.
/// </remarks>
internal sealed unsafe class MatMulPhase : ITeamJob
{
    private const int MostMatrices = 3;

    // Weights that stay in the second-level cache while blocks of input rows pass over them.
    private const long TileBytes = 128 << 10;

    // Input rows that stay in the second-level cache beside a tile: bytes of them, and rows at most, in the eights that a tile takes.
    private const int InputBytes = 256 << 10;
    private const int MostRows = 64;
    private const int TileRows = 8;

    private readonly PackedMatrix[] matrices = new PackedMatrix[MostMatrices];
    private readonly nint[] outputs = new nint[MostMatrices];
    private readonly int[] strides = new int[MostMatrices];
    private readonly int[] firstPanel = new int[MostMatrices + 1];
    private int[] firstOfItem = new int[256];
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
        firstPanel[count + 1] = firstPanel[count] + matrix.Panels;
        count++;
        return this;
    }

    public void Run(ThreadTeam team)
    {
        var items = 0;
        var least = Beside();
        for (var panel = 0; panel < firstPanel[count]; items++)
        {
            if (items + 1 >= firstOfItem.Length)
                Array.Resize(ref firstOfItem, 2 * firstOfItem.Length);
            firstOfItem[items] = panel;
            panel += ItemPanels(firstPanel[count] - panel, team.Active, least);
            firstOfItem[items + 1] = panel;
        }

        team.Run(this, items);
    }

    public void Execute(int item, int worker)
    {
        var last = firstOfItem[item + 1];
        var index = 0;
        for (var panel = firstOfItem[item]; panel < last;)
        {
            while (panel >= firstPanel[index + 1])
                index++;

            var end = Math.Min(last, firstPanel[index + 1]);
            Multiply(index, panel - firstPanel[index], end - firstPanel[index]);
            panel = end;
        }
    }

    // Half of an even share of what is left, in groups that lie side by side; the last group may be smaller.
    private static int ItemPanels(int left, int threads, int beside) =>
        threads == 1 ? left : Math.Min(left, Math.Max(1, left / (2 * threads) / beside) * beside);

    private int Beside()
    {
        var most = 1;
        for (var matrix = 0; matrix < count; matrix++)
            most = Math.Max(most, matrices[matrix].PanelsBeside);
        return most;
    }

    private void Multiply(int index, int panel, int last)
    {
        var matrix = matrices[index];
        var tile = rows <= MostRows ? last - panel : TilePanels(matrix);
        var block = rows <= MostRows ? MostRows : RowBlock(matrix);
        for (; panel < last; panel += tile)
        {
            for (var row = 0; row < rows; row += block)
            {
                var some = input.From(row);
                matrix.Multiply(in some, Math.Min(block, rows - row), panel, Math.Min(tile, last - panel), (float*)outputs[index] + ((long)row * strides[index]), strides[index]);
            }
        }
    }

    // Whole groups of panels that lie side by side: of less, the kernels would take one row at a time.
    private static int TilePanels(PackedMatrix matrix) =>
        (int)Math.Max(1, TileBytes / Math.Max(1, matrix.Bytes / matrix.Panels) / matrix.PanelsBeside) * matrix.PanelsBeside;

    private static int RowBlock(PackedMatrix matrix)
    {
        var rowBytes = matrix.QuantizedInput ? matrix.Columns / Q8Block.Size * sizeof(Q8Block) : matrix.Columns * sizeof(float);
        return Math.Clamp(InputBytes / Math.Max(1, rowBytes) / TileRows * TileRows, TileRows, MostRows);
    }
}
