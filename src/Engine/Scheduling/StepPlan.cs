using System.Runtime.InteropServices;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling.Cost;

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

    /// <summary>What the step has to do, what was moved for it included.</summary>
    public StepWork Work { get; internal set; }

    /// <summary>Seconds that the cost model expects it to take.</summary>
    public double PredictedSeconds { get; internal set; }

    /// <summary>Groups that gave way when it was planned.</summary>
    public int Preemptions { get; internal set; }

    public bool IsEmpty => slices.Count == 0;

    internal void Clear(long now)
    {
        Batch.Clear();
        slices.Clear();
        (outputs, Now, Preemptions) = (0, now, 0);
    }

    /// <summary>Adds what a choice has not computed yet, up to the last of its tokens, whose logits are wanted.</summary>
    /// <param name="group">The group.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="start">Tokens that its sequence stores: all but the last, or fewer where several were decided at once.</param>
    internal void AddDecode(SequenceGroup group, int choice, int start)
    {
        ref var line = ref group.At(choice);
        var tokens = line.Tokens.AsSpan(0, line.Sampled)[(start - group.Prompt.Length)..];
        Batch.Add(line.Sequence, start, tokens, SliceOutput.LastRow, group.Terms.Adapter);
        slices.Add(new PlannedSlice(group, choice, start, tokens.Length, outputs++, CompletesPrompt: false));
    }

    /// <summary>Adds a chunk of the prompt. What was computed before a preemption is computed again without an output: it has been taken.</summary>
    internal void AddPrefill(SequenceGroup group, int start, int rows)
    {
        var again = start + rows <= group.Reached;
        var completes = start + rows == group.Prompt.Length;
        var output = again ? SliceOutput.None : group.WantsHidden ? SliceOutput.Hidden : completes ? SliceOutput.LastRow : SliceOutput.None;
        Batch.Add(group.At(group.Lead).Sequence, start, group.Prompt.Span.Slice(start, rows), output, group.Terms.Adapter);
        slices.Add(new PlannedSlice(group, -1, start, rows, output == SliceOutput.None ? -1 : outputs, completes));
        outputs += output switch { SliceOutput.None => 0, SliceOutput.Hidden => rows, _ => 1 };
    }

    /// <summary>Adds tokens of an answer that are computed without an output: again, or since more follow than the step has room for.</summary>
    internal void AddRecompute(SequenceGroup group, int choice, int start, int rows)
    {
        ref var line = ref group.At(choice);
        Batch.Add(line.Sequence, start, line.Tokens.AsSpan(start - group.Prompt.Length, rows), SliceOutput.None, group.Terms.Adapter);
        slices.Add(new PlannedSlice(group, -1, start, rows, -1, CompletesPrompt: false));
    }
}
