using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Running;

/// <summary>A step as the kernels see it: one entry a row, and which rows have an output. Reused from step to step.</summary>
internal sealed class StepRows(int maxRows)
{
    private readonly int[] tokens = new int[maxRows];
    private readonly int[] positions = new int[maxRows];
    private readonly int[] outputs = new int[maxRows];
    private readonly int[] slots = new int[maxRows];
    private readonly int[] sources = new int[maxRows];
    private readonly int[] rowSequences = new int[maxRows];

    public int Count { get; private set; }

    /// <summary>Rows with an output: logits or a hidden state.</summary>
    public int OutputCount { get; private set; }

    /// <summary>Outputs that are logits.</summary>
    public int LogitsCount { get; private set; }

    /// <summary>One past the highest position.</summary>
    public int Positions { get; private set; }

    public ReadOnlySpan<int> OutputRows => outputs.AsSpan(0, OutputCount);

    public int Token(int row) => tokens[row];

    public int Position(int row) => positions[row];

    public int Sequence(int row) => rowSequences[row];

    /// <summary>Where output <paramref name="index"/> lies among the results: logits first, hidden states after them.</summary>
    public int Slot(int index) => slots[index];

    /// <summary>The output that lies in a slot.</summary>
    public int OutputInSlot(int slot) => sources[slot];

    public void Take(StepBatch batch)
    {
        (Count, OutputCount, LogitsCount, Positions) = (batch.Rows, 0, 0, 0);
        batch.Tokens.CopyTo(tokens);
        foreach (var slice in batch.Slices)
        {
            for (var i = 0; i < slice.Count; i++)
            {
                var row = slice.Offset + i;
                positions[row] = slice.Position + i;
                rowSequences[row] = slice.Sequence;
                if (slice.Output is SliceOutput.EveryRow or SliceOutput.Hidden || (slice.Output == SliceOutput.LastRow && i == slice.Count - 1))
                    outputs[OutputCount++] = row;
            }

            Positions = Math.Max(Positions, slice.Position + slice.Count);
        }

        AssignSlots(batch);
    }

    private void AssignSlots(StepBatch batch)
    {
        AssignSlots(batch, hidden: false);
        LogitsCount = AssignSlots(batch, hidden: true);
    }

    // Returns the first slot that it assigned.
    private int AssignSlots(StepBatch batch, bool hidden)
    {
        var first = hidden ? OutputsOf(batch, hidden: false) : 0;
        var (slot, index) = (first, 0);
        foreach (var slice in batch.Slices)
        {
            for (var i = OutputsOf(slice); i > 0; i--, index++)
            {
                if ((slice.Output == SliceOutput.Hidden) != hidden)
                    continue;
                slots[index] = slot;
                sources[slot++] = index;
            }
        }

        return first;
    }

    private static int OutputsOf(StepBatch batch, bool hidden)
    {
        var sum = 0;
        foreach (var slice in batch.Slices)
            sum += (slice.Output == SliceOutput.Hidden) == hidden ? OutputsOf(slice) : 0;
        return sum;
    }

    private static int OutputsOf(StepSlice slice) => slice.Output switch
    {
        SliceOutput.None => 0,
        SliceOutput.LastRow => 1,
        _ => slice.Count,
    };
}
