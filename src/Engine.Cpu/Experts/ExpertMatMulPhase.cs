using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Experts;

/// <summary>
/// One or two matrices of every busy expert times that expert's rows. Shared out by weight panels, as in <see cref="MatMulPhase"/>: a panel is read
/// once, by one thread, for all rows of its expert; experts without a row are not read.
/// </summary>
internal sealed unsafe class ExpertMatMulPhase : ITeamJob
{
    private const int MostMatrices = 2;

    // Reading a panel from memory takes about as long as multiplying it with so many rows.
    private const int ReadingCost = 3;

    // Input rows that stay in the second-level cache beside a panel.
    private const int RowBlock = 64;

    private readonly ExpertPlan plan;
    private readonly PackedMatrix[][] matrices = new PackedMatrix[MostMatrices][];
    private readonly nint[] outputs = new nint[MostMatrices];
    private readonly int[] firstPanel;
    private readonly ActivationRows input;
    private readonly int stride;
    private int[] firstOfItem = new int[256];
    private int count;

    /// <param name="plan">Whose rows lie where.</param>
    /// <param name="experts">Experts of a layer.</param>
    /// <param name="input">Rows by place.</param>
    /// <param name="stride">Floats from one output row to the next.</param>
    public ExpertMatMulPhase(ExpertPlan plan, int experts, in ActivationRows input, int stride)
    {
        (this.plan, this.input, this.stride) = (plan, input, stride);
        firstPanel = new int[(experts * MostMatrices) + 1];
    }

    public void Run(ThreadTeam team, PackedMatrix[] matrix, float* output) => Run(team, matrix, output, null, null);

    public void Run(ThreadTeam team, PackedMatrix[] one, float* oneOutput, PackedMatrix[]? other, float* otherOutput)
    {
        count = other is null ? 1 : 2;
        (matrices[0], outputs[0]) = (one, (nint)oneOutput);
        if (other is not null)
            (matrices[1], outputs[1]) = (other, (nint)otherOutput);
        for (var run = 0; run < plan.BusyCount * count; run++)
            firstPanel[run + 1] = firstPanel[run] + matrices[run % count][0].Panels;
        team.Run(this, Share(team.Size));
    }

    public void Execute(int item, int worker)
    {
        var last = firstOfItem[item + 1];
        var run = RunOf(firstOfItem[item]);
        for (var panel = firstOfItem[item]; panel < last;)
        {
            while (panel >= firstPanel[run + 1])
                run++;

            var end = Math.Min(last, firstPanel[run + 1]);
            Multiply(run, panel - firstPanel[run], end - firstPanel[run]);
            panel = end;
        }
    }

    // Items shrink as MatMulPhase's do, measured in what panels cost: one of an expert with many rows is worth many of others.
    private int Share(int threads)
    {
        var left = 0L;
        for (var run = 0; run < plan.BusyCount * count; run++)
            left += Cost(run) * (firstPanel[run + 1] - firstPanel[run]);

        var items = 0;
        var (panel, runs) = (0, plan.BusyCount * count);
        for (var run = 0; run < runs; items++)
        {
            if (items + 1 >= firstOfItem.Length)
                Array.Resize(ref firstOfItem, 2 * firstOfItem.Length);
            firstOfItem[items] = panel;
            var share = threads == 1 ? left : Math.Max(1, left / (2 * threads));
            for (var taken = 0L; run < runs && taken < share;)
            {
                var cost = Cost(run);
                var panels = (int)Math.Min(firstPanel[run + 1] - panel, (share - taken + cost - 1) / cost);
                (panel, taken, left) = (panel + panels, taken + (cost * panels), left - (cost * panels));
                if (panel == firstPanel[run + 1])
                    run++;
            }

            firstOfItem[items + 1] = panel;
        }

        return items;
    }

    private long Cost(int run) => ReadingCost + plan.Rows(plan.Busy[run / count]);

    private int RunOf(int panel)
    {
        var found = Array.BinarySearch(firstPanel, 0, (plan.BusyCount * count) + 1, panel);
        return found >= 0 ? found : ~found - 1;
    }

    private void Multiply(int run, int panel, int last)
    {
        var expert = plan.Busy[run / count];
        var matrix = matrices[run % count][expert];
        var output = (float*)outputs[run % count];
        var (first, rows) = (plan.First(expert), plan.Rows(expert));
        // With few rows a thread streams through its panels; with many it goes through them four at a time, for one block of rows after another.
        var tile = rows <= RowBlock ? last - panel : 4;
        for (; panel < last; panel += tile)
        {
            for (var row = 0; row < rows; row += RowBlock)
            {
                var some = input.From(first + row);
                matrix.Multiply(in some, Math.Min(RowBlock, rows - row), panel, Math.Min(tile, last - panel), output + ((long)(first + row) * stride), stride);
            }
        }
    }
}
