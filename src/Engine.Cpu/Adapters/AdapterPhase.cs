using System.Runtime.InteropServices;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;
using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>
/// Adds what adapters add to up to three products with the same input: <c>y += scale·(alpha / rank)·B(A x)</c>, for each row with its own
/// adapter. Rows are grouped, so that A and B are read once for each adapter and step. First all ways down, then all ways up.
/// </summary>
/// <remarks>Rows without an adapter are not touched, and the order of each sum is that of <see cref="LoraTile{TFormat, TLanes}"/> whatever the other rows are.</remarks>
internal sealed unsafe class AdapterPhase(CpuAdapterStore store, StepRows step, int maxRows) : ITeamJob, IDisposable
{
    private const int MostProducts = 3;

    // Rows of an item: a panel of A stays in the first-level cache while they pass over it.
    private const int RowBlock = 32;

    // Output panels of an item: about a microsecond for one row.
    private const int PanelBlock = 64;

    private readonly AdapterRows plan = new(store, maxRows);
    private readonly PackedMatrix[] matrices = new PackedMatrix[MostProducts];
    private readonly nint[] outputs = new nint[MostProducts];
    private readonly int[] strides = new int[MostProducts];
    private readonly List<Work> works = [];
    private readonly List<LoraRow> rows = [];
    private NativeBuffer? between;
    private ActivationRows input;
    private RowView view;
    private int products;
    private bool up;

    /// <summary>Takes a step in.</summary>
    /// <exception cref="ArgumentException">An adapter is not loaded.</exception>
    public void Take(StepBatch batch)
    {
        view = RowView.All;
        plan.Take(batch, step);
    }

    /// <summary>Says which rows the next products have.</summary>
    public void Use(RowView rowView) => view = rowView;

    public void Begin(in ActivationRows x) => (input, products) = (x, 0);

    public void Add(PackedMatrix matrix, float* y, int stride)
    {
        (matrices[products], outputs[products], strides[products]) = (matrix, (nint)y, stride);
        products++;
    }

    /// <summary>Adds to what the products have given.</summary>
    public void Run(ThreadTeam team)
    {
        if (plan.Count == 0)
            return;

        Plan();
        if (works.Count == 0)
            return;

        up = false;
        team.Run(this, works[^1].DownEnd);
        up = true;
        team.Run(this, works[^1].UpEnd);
    }

    public void Execute(int item, int worker)
    {
        ref readonly var work = ref Find(item);
        var first = item - (up ? work.UpEnd - work.UpItems : work.DownEnd - work.DownItems);
        var panels = up ? (work.Weights.B.Panels + PanelBlock - 1) / PanelBlock : work.Weights.A.Panels;
        var (block, panel) = (first / panels, first % panels);
        var start = work.FirstRow + (block * RowBlock);
        var some = CollectionsMarshal.AsSpan(rows)[start..Math.Min(start + RowBlock, work.FirstRow + work.Rows)];
        if (up)
            work.Weights.B.Up(panel * PanelBlock, Math.Min((panel + 1) * PanelBlock, work.Weights.B.Panels), some);
        else
            work.Weights.A.Down(panel, some);
    }

    public void Dispose() => between?.Dispose();

    private void Plan()
    {
        works.Clear();
        rows.Clear();
        var width = (plan.Rank + LoraFactor.PanelRows - 1) / LoraFactor.PanelRows * LoraFactor.PanelRows;
        var t = Between(step.Count * (long)products * width);
        var (downEnd, upEnd) = (0, 0);
        for (var group = 0; group < plan.Count; group++)
        {
            for (var product = 0; product < products; product++)
            {
                var members = plan.Rows(view, group);
                if (members.IsEmpty || plan.Adapter(group).For(matrices[product]) is not { } weights)
                    continue;

                var first = rows.Count;
                foreach (var row in members)
                {
                    rows.Add(new LoraRow(input.Values(row), t, (float*)outputs[product] + ((long)row * strides[product]), weights.Scale * plan.Scale(view, step, row)));
                    t += width;
                }

                var blocks = (members.Length + RowBlock - 1) / RowBlock;
                var (down, ups) = (blocks * weights.A.Panels, blocks * ((weights.B.Panels + PanelBlock - 1) / PanelBlock));
                works.Add(new Work(weights, first, members.Length, down, downEnd += down, ups, upEnd += ups));
            }
        }
    }

    // Grows when an adapter of a larger rank comes; otherwise allocates nothing.
    private float* Between(long floats)
    {
        if (between is null || between.Bytes < floats * sizeof(float))
        {
            between?.Dispose();
            between = new NativeBuffer(floats * sizeof(float));
        }

        return between.Floats;
    }

    private ref readonly Work Find(int item)
    {
        var span = CollectionsMarshal.AsSpan(works);
        var (low, high) = (0, span.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (item < (up ? span[middle].UpEnd : span[middle].DownEnd))
                high = middle;
            else
                low = middle + 1;
        }

        return ref span[low];
    }

    /// <summary>One adapter's share in one product.</summary>
    private readonly record struct Work(LoraWeights Weights, int FirstRow, int Rows, int DownItems, int DownEnd, int UpItems, int UpEnd);
}
