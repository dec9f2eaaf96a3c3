using System.Buffers;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling.Preemption;

namespace Penstock.Engine.Scheduling;

/// <summary>
/// What groups hold while they run: sequence numbers, reserved blocks, and the promise of more. A group gets in only if its worst
/// case fits: the first choice's share is reserved at once, the others' is promised until they fork. So no step runs out of blocks.
/// </summary>
internal sealed class SequenceLeases
{
    private readonly IKvStore kv;
    private readonly Stack<int> sequences;

    public SequenceLeases(IKvStore kv, int maxSequences)
    {
        (this.kv, MaxSequences) = (kv, maxSequences);
        sequences = new Stack<int>(Enumerable.Range(0, maxSequences).Reverse());
    }

    public int MaxSequences { get; }

    public int FreeSequences => sequences.Count;

    /// <summary>Blocks that are free but belong to choices that have not forked yet.</summary>
    public int PromisedBlocks { get; private set; }

    public int BlockTokens => kv.BlockTokens;

    public bool CanEverFit(SequenceGroup group) => group.Choices <= MaxSequences && group.WorstCaseBlocks(BlockTokens) <= kv.TotalBlocks;

    public bool Fits(SequenceGroup group) => Lacks(group) is ( <= 0, <= 0);

    /// <summary>Sequence numbers and blocks that are missing for the group to get in.</summary>
    public (int Sequences, int Blocks) Lacks(SequenceGroup group) =>
        (group.Remaining - sequences.Count, group.WorstCaseBlocks(BlockTokens) - (kv.FreeBlocks - PromisedBlocks));

    /// <summary>Sequence numbers and blocks that are free once the group has gone, at least.</summary>
    public (int Sequences, int Blocks) Yields(SequenceGroup group) => (group.LiveChoices, group.WorstCaseBlocks(BlockTokens));

    /// <summary>Tokens stored of the group's prompt and, while it is computed again, of its answer.</summary>
    public int Stored(SequenceGroup group, int choice) => kv.Length(group.At(choice).Sequence);

    /// <summary>Whether every choice stores all its tokens but the last, so that it can decode.</summary>
    public bool CaughtUp(SequenceGroup group)
    {
        for (var choice = 0; choice < group.Choices; choice++)
        {
            if (group.At(choice).Live && Stored(group, choice) < group.StoredWhenDecoding(choice))
                return false;
        }

        return true;
    }

    /// <summary>Gives a group that fits its sequences and its blocks.</summary>
    public void Enter(SequenceGroup group)
    {
        for (var choice = 0; choice < group.Choices; choice++)
        {
            ref var line = ref group.At(choice);
            if (line.Ended)
                continue;

            (line.Sequence, line.Live) = (sequences.Pop(), true);
            line.Tokens ??= group.WantsHidden ? null : ArrayPool<int>.Shared.Rent(group.MaxOutputTokens);
        }

        group.LiveChoices = group.Remaining;
        group.Forked = group.Remaining == 1;
        var lead = group.At(group.Lead).Sequence;
        Restore(group, lead);
        Reserve(lead, group);
        PromisedBlocks += Promise(group);
    }

    /// <summary>The prompt is computed: the other choices begin with it.</summary>
    public void Fork(SequenceGroup group)
    {
        PromisedBlocks -= Promise(group);
        group.Forked = true;
        var lead = group.Lead;
        for (var choice = lead + 1; choice < group.Choices; choice++)
        {
            if (!group.At(choice).Live)
                continue;

            kv.Share(group.At(lead).Sequence, group.At(choice).Sequence, 0, group.Prompt.Length);
            Reserve(group.At(choice).Sequence, group);
        }
    }

    /// <summary>A choice goes on no more.</summary>
    public void End(SequenceGroup group, int choice)
    {
        ref var line = ref group.At(choice);
        if (line.Ended)
            return;

        if (line.Live)
            Release(group, choice);
        if (line.Tokens is { } tokens)
            ArrayPool<int>.Shared.Return(tokens);
        (line.Tokens, line.Ended) = (null, true);
        group.Remaining--;
    }

    /// <summary>The whole group goes on no more.</summary>
    public void End(SequenceGroup group)
    {
        BreakPromise(group);
        for (var choice = 0; choice < group.Choices; choice++)
            End(group, choice);
    }

    /// <summary>The group gives everything back and will go on later.</summary>
    public void Suspend(SequenceGroup group)
    {
        BreakPromise(group);
        for (var choice = 0; choice < group.Choices; choice++)
        {
            if (group.At(choice).Live)
                Release(group, choice);
        }
    }

    /// <summary>Writes the KV of a group of one choice.</summary>
    public SavedKv Save(SequenceGroup group)
    {
        var saved = new SavedKv { Tokens = Stored(group, group.Lead) };
        kv.Save(group.At(group.Lead).Sequence, saved);
        return saved;
    }

    /// <summary>Verifies the invariants. For tests.</summary>
    public string? Check(IReadOnlyList<SequenceGroup> running)
    {
        if (PromisedBlocks > kv.FreeBlocks)
            return $"{PromisedBlocks} blocks are promised but {kv.FreeBlocks} are free";
        var promised = running.Sum(Promise);
        if (promised != PromisedBlocks)
            return $"{PromisedBlocks} blocks are promised, {promised} are owed";
        var live = running.Sum(group => group.LiveChoices);
        if (live + sequences.Count != MaxSequences)
            return $"{live} sequences live and {sequences.Count} are free of {MaxSequences}";
        return sequences.Any(sequence => kv.Length(sequence) != 0) ? "a free sequence holds tokens" : null;
    }

    // Whatever goes wrong with what was saved costs time and nothing else: then it is computed again.
    private void Restore(SequenceGroup group, int sequence)
    {
        if (group.Saved is { } saved && kv.Restore(sequence, saved.Bytes) != KvRestoreOutcome.Restored)
            kv.Release(sequence);
    }

    private void Release(SequenceGroup group, int choice)
    {
        ref var line = ref group.At(choice);
        kv.Release(line.Sequence);
        sequences.Push(line.Sequence);
        line.Live = false;
        group.LiveChoices--;
    }

    private void BreakPromise(SequenceGroup group)
    {
        PromisedBlocks -= Promise(group);
        group.Forked = true;
    }

    private void Reserve(int sequence, SequenceGroup group)
    {
        if (!kv.TryReserve(sequence, group.FinalLength))
            throw new InvalidOperationException("Blocks that were counted as free could not be reserved.");
    }

    private int Promise(SequenceGroup group) => group.Forked || group.LiveChoices == 0 ? 0 : (group.Remaining - 1) * group.OwnBlocks(BlockTokens);
}
