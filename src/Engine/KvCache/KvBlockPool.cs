namespace Penstock.Engine.KvCache;

/// <summary>
/// The bookkeeping of KV memory, without the memory: which blocks are free, which sequence holds which, and who may write
/// where. Blocks of <see cref="BlockTokens"/> tokens are shared by reference count and copied on write, as in PagedAttention
/// (Kwon et al. 2023, section 4). Storage owners build their <see cref="Running.IKvStore"/> on it. One thread; allocates only when made.
/// </summary>
/// <remarks>
/// <para>Only a sequence's last, partly filled block can need a copy: whole blocks are never written again, and blocks
/// reserved beyond the length are never shared. So a reservation asks for at most one copy.</para>
/// <para>The right to write into a partly filled block is got by reserving (alone, or through a copy) and lost by
/// <see cref="Truncate"/>; <see cref="Share"/> does not pass it on. So at most one sequence has it for any block, and a
/// sequence that reserved before it was shared goes on without a second reservation.</para>
/// </remarks>
public sealed class KvBlockPool
{
    /// <summary>Tokens in a block.</summary>
    public const int BlockTokens = 16;

    private readonly int[] free;
    private readonly int[] references;
    private readonly int[] tables;
    private readonly int[] held;
    private readonly int[] lengths;
    private readonly bool[] mayWrite;
    private readonly int blocksPerSequence;

    /// <param name="totalBlocks">Blocks that the storage has, at least 1.</param>
    /// <param name="maxSequences">Sequence numbers run from 0 to this, exclusive.</param>
    /// <param name="maxTokens">Most tokens of one sequence: the context length.</param>
    public KvBlockPool(int totalBlocks, int maxSequences, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalBlocks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSequences);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokens);
        (TotalBlocks, MaxSequences, MaxTokens) = (totalBlocks, maxSequences, maxTokens);
        blocksPerSequence = Math.Min(BlocksFor(maxTokens), totalBlocks);
        free = new int[totalBlocks];
        references = new int[totalBlocks];
        tables = new int[maxSequences * blocksPerSequence];
        held = new int[maxSequences];
        lengths = new int[maxSequences];
        mayWrite = new bool[maxSequences];
        for (var i = 0; i < totalBlocks; i++)
            free[i] = totalBlocks - 1 - i;

        FreeBlocks = totalBlocks;
    }

    public int TotalBlocks { get; }

    public int MaxSequences { get; }

    /// <summary>Most tokens of one sequence.</summary>
    public int MaxTokens { get; }

    public int FreeBlocks { get; private set; }

    /// <summary>Blocks that hold <paramref name="tokens"/> tokens.</summary>
    public static int BlocksFor(int tokens) => (tokens + BlockTokens - 1) / BlockTokens;

    /// <summary>Tokens stored for the sequence.</summary>
    public int Length(int sequence) => lengths[sequence];

    /// <summary>Length to which the sequence may be written without another reservation.</summary>
    public int Capacity(int sequence) => mayWrite[sequence] ? Math.Min(held[sequence] * BlockTokens, MaxTokens) : lengths[sequence];

    /// <summary>The sequence's blocks in order: token <c>t</c> lies in slot <c>t % 16</c> of block <c>Table[t / 16]</c>. Valid until the next call that changes the sequence.</summary>
    public ReadOnlySpan<int> Table(int sequence) => tables.AsSpan(sequence * blocksPerSequence, held[sequence]);

    /// <summary>Sequences that hold this block.</summary>
    public int References(int block) => references[block];

    /// <summary>Blocks that <see cref="TryReserve"/> would take, the one of a copy on write included.</summary>
    public int BlocksToGrow(int sequence, int tokens) => tokens <= lengths[sequence]
        ? 0
        : Math.Max(0, BlocksFor(tokens) - held[sequence]) + (MustCopy(sequence) ? 1 : 0);

    /// <summary>Takes the blocks for the sequence to grow to <paramref name="tokens"/>. False: not enough are free, and nothing has changed.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="tokens">Length to grow to, at most <see cref="MaxTokens"/>; nothing happens when it is not above the length.</param>
    /// <param name="copy">What to copy at once, before any other call.</param>
    public bool TryReserve(int sequence, int tokens, out KvBlockCopy copy)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, MaxTokens);
        copy = default;
        if (tokens <= lengths[sequence])
            return true;

        if (BlocksToGrow(sequence, tokens) > FreeBlocks)
            return false;

        var row = sequence * blocksPerSequence;
        if (MustCopy(sequence))
        {
            ref var last = ref tables[row + held[sequence] - 1];
            copy = new KvBlockCopy(last, Take(), lengths[sequence] % BlockTokens);
            references[last]--;
            last = copy.To;
        }

        for (var needed = BlocksFor(tokens); held[sequence] < needed; held[sequence]++)
            tables[row + held[sequence]] = Take();

        mayWrite[sequence] = true;
        return true;
    }

    /// <summary>Records that <paramref name="count"/> more tokens are stored, within what is reserved.</summary>
    public void Append(int sequence, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengths[sequence] + count, Capacity(sequence));
        lengths[sequence] += count;
    }

    /// <summary>
    /// Lets <paramref name="target"/>, which ends at the block boundary <paramref name="from"/>, go on with the tokens up to
    /// <paramref name="to"/> of <paramref name="source"/>. What it had reserved is let go; it must reserve before it is written to.
    /// </summary>
    public void Share(int source, int target, int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, lengths[source]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        ArgumentOutOfRangeException.ThrowIfEqual(source, target);
        if (lengths[target] != from || from % BlockTokens != 0)
            throw new InvalidOperationException($"Sequence {target} has {lengths[target]} tokens; it cannot go on with another's from {from}.");

        Truncate(target, from);
        for (var needed = BlocksFor(to); held[target] < needed; held[target]++)
        {
            var block = tables[(source * blocksPerSequence) + held[target]];
            tables[(target * blocksPerSequence) + held[target]] = block;
            references[block]++;
        }

        lengths[target] = to;
    }

    /// <summary>Cuts the sequence to <paramref name="tokens"/> tokens and lets go of what it had reserved beyond them.</summary>
    public void Truncate(int sequence, int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, lengths[sequence]);
        var kept = BlocksFor(tokens);
        while (held[sequence] > kept)
            Return(tables[(sequence * blocksPerSequence) + --held[sequence]]);

        (lengths[sequence], mayWrite[sequence]) = (tokens, false);
    }

    /// <summary>Lets go of everything the sequence holds. Idempotent.</summary>
    public void Release(int sequence) => Truncate(sequence, 0);

    /// <summary>Verifies the invariants: free and held blocks make the total, counts equal occurrences, no block twice. For tests; slow.</summary>
    /// <returns>Null when all hold, else the first that does not.</returns>
    public string? Check()
    {
        var seen = new int[TotalBlocks];
        for (var sequence = 0; sequence < MaxSequences; sequence++)
        {
            var table = Table(sequence);
            foreach (var block in table)
                seen[block]++;

            if (lengths[sequence] > held[sequence] * BlockTokens)
                return $"sequence {sequence} is longer than its blocks";
            if (table.ToArray().Distinct().Count() != table.Length)
                return $"sequence {sequence} holds a block twice";
        }

        if (!seen.AsSpan().SequenceEqual(references))
            return "reference counts differ from occurrences";
        if (free.Take(FreeBlocks).Distinct().Count() != FreeBlocks)
            return "a block is free twice";
        if (free.Take(FreeBlocks).Any(block => references[block] != 0))
            return "a free block is held";
        return FreeBlocks + references.Count(count => count > 0) == TotalBlocks ? null : "free + held is not the total";
    }

    // A partly filled last block that others hold too, into which the sequence has no right to write.
    private bool MustCopy(int sequence) => !mayWrite[sequence] && lengths[sequence] % BlockTokens != 0
        && references[tables[(sequence * blocksPerSequence) + held[sequence] - 1]] > 1;

    private int Take()
    {
        var block = free[--FreeBlocks];
        references[block] = 1;
        return block;
    }

    private void Return(int block)
    {
        if (--references[block] == 0)
            free[FreeBlocks++] = block;
    }
}
