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
    private readonly PrefixSharing prefixes;
    private readonly Stack<int> sequences;

    public SequenceLeases(IKvStore kv, int maxSequences, PrefixSharing prefixes)
    {
        (this.kv, MaxSequences, this.prefixes) = (kv, maxSequences, prefixes);
        sequences = new Stack<int>(Enumerable.Range(0, maxSequences).Reverse());
    }

    public int MaxSequences { get; }

    public int FreeSequences => sequences.Count;

    /// <summary>Blocks that are free, or cached and evictable, but belong to choices that have not forked yet.</summary>
    public int PromisedBlocks { get; private set; }

    public int BlockTokens => kv.BlockTokens;

    public bool CanEverFit(SequenceGroup group) => group.Choices <= MaxSequences && group.WorstCaseBlocks(BlockTokens) <= kv.TotalBlocks;

    public bool Fits(SequenceGroup group) => Lacks(group) is ( <= 0, <= 0);

    /// <summary>Sequence numbers and blocks that are missing for the group to get in.</summary>
    public (int Sequences, int Blocks) Lacks(SequenceGroup group) =>
        (group.Remaining - sequences.Count, group.WorstCaseBlocks(BlockTokens) - prefixes.Spares(group) - (kv.FreeBlocks + prefixes.EvictableBlocks - PromisedBlocks));

    /// <summary>Sequence numbers and blocks that are free or evictable once the group has gone, at least.</summary>
    public (int Sequences, int Blocks) Yields(SequenceGroup group) => (group.LiveChoices, group.WorstCaseBlocks(BlockTokens) - prefixes.HeldByOthers(group));

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

    /// <summary>Gives a group that fits its sequences and its blocks, those that are cached first.</summary>
    /// <param name="group">The group.</param>
    /// <param name="running">Those that got in before, the oldest first.</param>
    public void Enter(SequenceGroup group, List<SequenceGroup> running)
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
        if (!Restore(group, lead))
            prefixes.Attach(group, running);
        Reserve(lead, group);
        PromisedBlocks += Promise(group);
    }

    /// <summary>Whether the group waits for another that computes the same prefix.</summary>
    public bool Waits(SequenceGroup group, List<SequenceGroup> running) => prefixes.Waits(group, running);

    /// <summary>The prompt is computed: it is kept for those who come later.</summary>
    public void KeepPrompt(SequenceGroup group) => prefixes.Keep(group);

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
    /// <param name="group">The group.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="keep">Whether what it has computed may be kept for those who come later.</param>
    public void End(SequenceGroup group, int choice, bool keep)
    {
        ref var line = ref group.At(choice);
        if (line.Ended)
            return;

        if (line.Live)
            Release(group, choice, keep);
        if (line.Tokens is { } tokens)
            ArrayPool<int>.Shared.Return(tokens);
        (line.Tokens, line.Ended) = (null, true);
        group.Remaining--;
    }

    /// <summary>The whole group goes on no more.</summary>
    public void End(SequenceGroup group, bool keep)
    {
        BreakPromise(group);
        for (var choice = 0; choice < group.Choices; choice++)
            End(group, choice, keep);
    }

    /// <summary>The group gives everything back and will go on later.</summary>
    public void Suspend(SequenceGroup group)
    {
        // What is saved comes back from there; otherwise what nobody needs the room for is not computed again.
        BreakPromise(group);
        for (var choice = 0; choice < group.Choices; choice++)
        {
            if (group.At(choice).Live)
                Release(group, choice, keep: group.Saved is null);
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
        if (PromisedBlocks > kv.FreeBlocks + prefixes.EvictableBlocks)
            return $"{PromisedBlocks} blocks are promised but {kv.FreeBlocks} are free and {prefixes.EvictableBlocks} evictable";
        var promised = running.Sum(Promise);
        if (promised != PromisedBlocks)
            return $"{PromisedBlocks} blocks are promised, {promised} are owed";
        var live = running.Sum(group => group.LiveChoices);
        if (live + sequences.Count != MaxSequences)
            return $"{live} sequences live and {sequences.Count} are free of {MaxSequences}";
        if (sequences.Any(sequence => kv.Length(sequence) != 0))
            return "a free sequence holds tokens";
        var held = running.Sum(Held);
        return kv.FreeBlocks + held + prefixes.CachedBlocks == kv.TotalBlocks
            ? prefixes.Check()
            : $"{kv.FreeBlocks} blocks are free, {held} held and {prefixes.CachedBlocks} cached of {kv.TotalBlocks}";
    }

    // Blocks that a running group holds and that are not in the cache.
    private int Held(SequenceGroup group)
    {
        var choices = group.Forked ? group.LiveChoices : 1;
        return (group.Prompt.Length / BlockTokens) + (choices * group.OwnBlocks(BlockTokens)) - ((group.Prefix?.End ?? 0) / BlockTokens);
    }

    // Whatever goes wrong with what was saved costs time and nothing else: then it is computed again.
    private bool Restore(SequenceGroup group, int sequence)
    {
        if (group.Saved is not { } saved)
            return false;
        if (prefixes.MakeRoom((saved.Tokens + BlockTokens - 1) / BlockTokens) && kv.Restore(sequence, saved.Bytes) == KvRestoreOutcome.Restored)
            return true;

        kv.Release(sequence);
        return false;
    }

    private void Release(SequenceGroup group, int choice, bool keep)
    {
        ref var line = ref group.At(choice);
        if (keep)
            prefixes.KeepLast(group, choice);
        kv.Release(line.Sequence);
        sequences.Push(line.Sequence);
        line.Live = false;
        if (--group.LiveChoices == 0)
            prefixes.Detach(group);
    }

    private void BreakPromise(SequenceGroup group)
    {
        PromisedBlocks -= Promise(group);
        group.Forked = true;
    }

    private void Reserve(int sequence, SequenceGroup group)
    {
        if (!prefixes.TryReserve(sequence, group.FinalLength))
            throw new InvalidOperationException("Blocks that were counted as free could not be reserved.");
    }

    private int Promise(SequenceGroup group) => group.Forked || group.LiveChoices == 0 ? 0 : (group.Remaining - 1) * group.OwnBlocks(BlockTokens);
}
