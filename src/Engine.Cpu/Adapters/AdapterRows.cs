using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>Which rows of a step use which adapter, grouped, in each <see cref="RowView"/>. Reused from step to step; allocates only when made.</summary>
internal sealed class AdapterRows
{
    private static readonly int Views = Enum.GetValues<RowView>().Length;

    private readonly CpuAdapterStore store;
    private readonly int[] numbers;
    private readonly LoadedAdapter[] adapters;
    private readonly int[] adapterOfRow;
    private readonly float[] scaleOfRow;
    private readonly int[][] rows;
    private readonly int[][] ends;

    /// <param name="store">The adapters.</param>
    /// <param name="maxRows">Most rows of a step.</param>
    public AdapterRows(CpuAdapterStore store, int maxRows)
    {
        this.store = store;
        (numbers, adapters, adapterOfRow, scaleOfRow) = (new int[maxRows], new LoadedAdapter[maxRows], new int[maxRows], new float[maxRows]);
        rows = [.. Enumerable.Range(0, Views).Select(_ => new int[maxRows])];
        ends = [.. Enumerable.Range(0, Views).Select(_ => new int[maxRows])];
    }

    /// <summary>Adapters in this step; 0 = there is nothing to do.</summary>
    public int Count { get; private set; }

    /// <summary>Their largest rank.</summary>
    public int Rank { get; private set; }

    public LoadedAdapter Adapter(int group) => adapters[group];

    /// <summary>Rows of the view that use an adapter, ascending.</summary>
    public ReadOnlySpan<int> Rows(RowView view, int group)
    {
        var first = group == 0 ? 0 : ends[(int)view][group - 1];
        return rows[(int)view].AsSpan(first, ends[(int)view][group] - first);
    }

    /// <summary>A request's own scale.</summary>
    public float Scale(RowView view, StepRows step, int row) => scaleOfRow[RowOf(view, step, row)];

    /// <summary>Takes a step's slices in.</summary>
    /// <exception cref="ArgumentException">An adapter is not loaded.</exception>
    public void Take(StepBatch batch, StepRows step)
    {
        (Count, Rank) = (0, 0);
        foreach (var slice in batch.Slices)
        {
            var group = slice.Adapter.IsNone ? -1 : GroupOf(slice.Adapter.Number);
            adapterOfRow.AsSpan(slice.Offset, slice.Count).Fill(group);
            scaleOfRow.AsSpan(slice.Offset, slice.Count).Fill(slice.Adapter.Scale);
        }

        if (Count == 0)
            return;

        Group(RowView.All, step.Count, step);
        Group(RowView.Outputs, step.OutputCount, step);
        Group(RowView.Logits, step.LogitsCount, step);
    }

    private static int RowOf(RowView view, StepRows step, int row) => view switch
    {
        RowView.All => row,
        RowView.Outputs => step.OutputRows[row],
        _ => step.OutputRows[step.OutputInSlot(row)],
    };

    private int GroupOf(int number)
    {
        var group = Array.IndexOf(numbers, number, 0, Count);
        if (group >= 0)
            return group;

        adapters[Count] = store.Find(number) ?? throw new ArgumentException($"The adapter {number} is not loaded.", nameof(number));
        numbers[Count] = number;
        Rank = Math.Max(Rank, adapters[Count].Rank);
        return Count++;
    }

    private void Group(RowView view, int count, StepRows step)
    {
        var filled = 0;
        for (var group = 0; group < Count; group++)
        {
            for (var row = 0; row < count; row++)
            {
                if (adapterOfRow[RowOf(view, step, row)] == group)
                    rows[(int)view][filled++] = row;
            }

            ends[(int)view][group] = filled;
        }
    }
}
