using System.Runtime.InteropServices;
using Penstock.Engine.Running;

namespace Penstock.Engine.Scheduling;

/// <summary>What one step computes and for whom. Owned by the <see cref="Scheduler"/> and reused; valid until its next plan.</summary>
public sealed class StepPlan
{
    private readonly List<PlannedSlice> slices = [];
    private int outputs;

    /// <summary>The runner's input; slice <c>i</c> is computed for <c>Slices[i]</c>.</summary>
    public StepBatch Batch { get; } = new();

    public ReadOnlySpan<PlannedSlice> Slices => CollectionsMarshal.AsSpan(slices);

    /// <summary>The time that the plan was made for.</summary>
    public long Now { get; private set; }

    public bool IsEmpty => slices.Count == 0;

    internal void Clear(long now)
    {
        Batch.Clear();
        slices.Clear();
        (outputs, Now) = (0, now);
    }

    internal void AddDecode(SequenceGroup group, int choice)
    {
        ref var line = ref group.At(choice);
        var position = group.Prompt.Length + line.Sampled - 1;
        Batch.Add(line.Sequence, position, new ReadOnlySpan<int>(ref line.NextToken), SliceOutput.LastRow);
        slices.Add(new PlannedSlice(group, choice, position, 1, outputs++, CompletesPrompt: false));
    }

    internal void AddPrefill(SequenceGroup group, int rows)
    {
        var start = group.Prefilled;
        var completes = start + rows == group.Prompt.Length;
        var output = group.WantsHidden ? SliceOutput.Hidden : completes ? SliceOutput.LastRow : SliceOutput.None;
        Batch.Add(group.At(0).Sequence, start, group.Prompt.Span.Slice(start, rows), output);
        slices.Add(new PlannedSlice(group, -1, start, rows, output == SliceOutput.None ? -1 : outputs, completes));
        outputs += output switch { SliceOutput.None => 0, SliceOutput.Hidden => rows, _ => 1 };
    }
}
