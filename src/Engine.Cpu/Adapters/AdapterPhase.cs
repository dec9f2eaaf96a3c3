using System.Runtime.InteropServices;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;
using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>
/// Adds what adapters add to up to three products with the same input: <c>y += scale·(alpha / rank)·B(A x)</c>, for each row with its own
/// adapter. Rows are grouped, so that A and B are read once for each adapter and step. Where there are many small shares, an item is a share's way down and up;
/// otherwise all ways down come first, in pieces, then all ways up.
/// </summary>
/// <remarks>Rows without an adapter are not touched, and the order of each sum is that of <see cref="LoraTile{TFormat, TLanes}"/> whatever the other rows are.</remarks>
internal sealed unsafe class AdapterPhase(CpuAdapterStore store, StepRows step, int maxRows) : ITeamJob, IDisposable
{
    private const int MostProducts = 3;

    // Rows of an item: a panel of A stays in the first-level cache while they pass over it.
    private const int RowBlock = 32;

    // Output panels of an item: about a microsecond for one row.
    private const int PanelBlock = 64;

    // From one worker's cursor to the next: a line of the cache.
    private const int CursorStride = 16;

    private readonly AdapterRows plan = new(store, maxRows);
    private readonly int[] targets = new int[MostProducts];
    private readonly nint[] outputs = new nint[MostProducts];
    private readonly int[] strides = new int[MostProducts];
    private readonly List<Work> works = [];
    private readonly List<LoraRow> rows = [];
    private int[] cursors = [];
    private NativeBuffer? between;
    private ActivationRows input;
    private RowView view;
    private int products;
    private int active;
    private bool up;
    private bool whole;

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

    /// <param name="target">The product's matrix, by the number of <see cref="AdapterTargets"/>.</param>
    /// <param name="y">Where its results are.</param>
    /// <param name="stride">Floats from one row of them to the next.</param>
    public void Add(int target, float* y, int stride)
    {
        (targets[products], outputs[products], strides[products]) = (target, (nint)y, stride);
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

        active = team.Active;
        whole = Whole();
        if (whole)
        {
            team.Run(this, works.Count);
            return;
        }

        if (cursors.Length < team.Size * CursorStride)
            cursors = new int[team.Size * CursorStride];
        Run(team, false, works[^1].DownEnd);
        Run(team, true, works[^1].UpEnd);
    }

    public void Execute(int item, int worker)
    {
        if (whole)
            ExecuteWhole(item);
        else
            ExecutePiece(item, worker);
    }

    public void Dispose() => between?.Dispose();

    private void ExecuteWhole(int item)
    {
        ref readonly var work = ref CollectionsMarshal.AsSpan(works)[item];
        ref readonly var next = ref CollectionsMarshal.AsSpan(works)[Math.Min(item + active, works.Count - 1)];
        var (a, b) = (work.Weights.A, work.Weights.B);
        var some = CollectionsMarshal.AsSpan(rows).Slice(work.FirstRow, work.Rows);
        for (var panel = 0; panel < a.Panels; panel++)
            a.Kernel.Down(in a, panel, b.Panel(0), some);
        b.Kernel.Up(in b, 0, b.Panels, next.Weights.A.Panel(0), some);
    }

    private void ExecutePiece(int item, int worker)
    {
        // A worker's items ascend.
        ref var cursor = ref cursors[worker * CursorStride];
        cursor = Find(item, up, cursor);
        ref readonly var work = ref CollectionsMarshal.AsSpan(works)[cursor];
        var (block, panel) = work.Place(item, up);
        var start = work.FirstRow + (block * RowBlock);
        var some = CollectionsMarshal.AsSpan(rows)[start..Math.Min(start + RowBlock, work.FirstRow + work.Rows)];
        var ahead = Ahead(item, cursor);
        if (up)
            work.Weights.B.Kernel.Up(in work.Weights.B, panel, Math.Min(panel + PanelBlock, work.Weights.B.Panels), ahead, some);
        else
            work.Weights.A.Kernel.Down(in work.Weights.A, panel, ahead, some);
    }

    // A share waits for nothing but itself, so one handing out of items does for both ways: where each is small beside a thread's part, so that all end together.
    private bool Whole()
    {
        var (sum, most) = (0, 0);
        foreach (ref readonly var work in CollectionsMarshal.AsSpan(works))
            (sum, most) = (sum + work.Rows, Math.Max(most, work.Rows));
        return most <= RowBlock && most * 2 * active <= sum;
    }

    private void Run(ThreadTeam team, bool wayUp, int items)
    {
        up = wayUp;
        Array.Clear(cursors);
        team.Run(this, items);
    }

    private void Plan()
    {
        works.Clear();
        rows.Clear();
        var width = (plan.Rank + LoraKernel.PanelRows - 1) / LoraKernel.PanelRows * LoraKernel.PanelRows;
        var t = Between(step.Count * (long)products * width);
        var (downEnd, upEnd) = (0, 0);
        for (var group = 0; group < plan.Count; group++)
        {
            for (var product = 0; product < products; product++)
            {
                var members = plan.Rows(view, group);
                ref readonly var weights = ref plan.Adapter(group).For(targets[product]);
                if (members.IsEmpty || weights.IsNone)
                    continue;

                var first = rows.Count;
                foreach (var row in members)
                {
                    rows.Add(new LoraRow(input.Values(row), t, (float*)outputs[product] + ((long)row * strides[product]), weights.Scale * plan.Scale(view, step, row)));
                    t += width;
                }

                var blocks = (members.Length + RowBlock - 1) / RowBlock;
                var (down, ups) = (blocks * weights.A.Panels, blocks * ((weights.B.Panels + PanelBlock - 1) / PanelBlock));
                works.Add(new Work(in weights, first, members.Length, down, downEnd += down, ups, upEnd += ups));
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

    // What this thread probably reads after an item; the item's own weights after the last.
    private byte* Ahead(int item, int cursor)
    {
        var (next, wayUp, end) = (item + active, up, up ? works[^1].UpEnd : works[^1].DownEnd);
        if (next >= end)
            (next, wayUp, cursor) = up ? (item, true, cursor) : (Math.Min(next - end, works[^1].UpEnd - 1), true, 0);
        ref readonly var work = ref CollectionsMarshal.AsSpan(works)[Find(next, wayUp, cursor)];
        return (wayUp ? work.Weights.B : work.Weights.A).Panel(work.Place(next, wayUp).Panel);
    }

    private int Find(int item, bool wayUp, int cursor)
    {
        var span = CollectionsMarshal.AsSpan(works);
        while (item >= (wayUp ? span[cursor].UpEnd : span[cursor].DownEnd))
            cursor++;
        return cursor;
    }

    /// <summary>One adapter's share in one product.</summary>
    private readonly struct Work(in LoraWeights weights, int firstRow, int rows, int downItems, int downEnd, int upItems, int upEnd)
    {
        public readonly LoraWeights Weights = weights;

        public int FirstRow { get; } = firstRow;

        public int Rows { get; } = rows;

        public int DownEnd { get; } = downEnd;

        public int UpEnd { get; } = upEnd;

        /// <summary>The block of rows and the first panel of an item of this share.</summary>
        public (int Block, int Panel) Place(int item, bool up)
        {
            var first = item - (up ? UpEnd - upItems : DownEnd - downItems);
            var panels = up ? (Weights.B.Panels + PanelBlock - 1) / PanelBlock : Weights.A.Panels;
            return (first / panels, first % panels * (up ? PanelBlock : 1));
        }
    }
}
