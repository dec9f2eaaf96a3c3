using System.Buffers;
using Penstock.Engine.KvCache;
using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Running;

namespace Penstock.Engine.Llama.KvCache;

/// <summary>
/// llama.cpp's KV cells under the books of <see cref="KvBlockPool"/>. The library finds a cell for each token by itself and lets sequences
/// hold the same cell; the pool says how many tokens there is room for. A cell that a sequence holds has its place in a block of the
/// sequence's table, and two cells never have the same place, so what the books allow always fits the cells.
/// </summary>
/// <remarks>
/// A copy on write costs a block in the books and nothing in the cells: both sequences go on holding the old ones. Where each sequence has cells of its
/// own, sharing copies them, and the books say less than what is taken.
/// </remarks>
internal sealed class LlamaKvStore : IKvStore
{
    private readonly LlamaContext context;
    private readonly KvBlockPool pool;
    private readonly KvEnvelope envelope;

    /// <param name="context">Whose cells: at least 16 a block where they are unified, else enough in each sequence for <paramref name="contextLength"/>.</param>
    /// <param name="totalBlocks">Blocks to count.</param>
    /// <param name="maxSequences">Sequences of the context.</param>
    /// <param name="contextLength">Most tokens of one sequence.</param>
    /// <param name="modelKey">Identifies the model that computed the KV: saved states of another are refused.</param>
    public LlamaKvStore(LlamaContext context, int totalBlocks, int maxSequences, int contextLength, ulong modelKey)
    {
        this.context = context;
        pool = new KvBlockPool(totalBlocks, maxSequences, contextLength);
        envelope = new KvEnvelope(modelKey);
    }

    public int BlockTokens => KvBlockPool.BlockTokens;

    public int TotalBlocks => pool.TotalBlocks;

    public int FreeBlocks => pool.FreeBlocks;

    public int Length(int sequence) => pool.Length(sequence);

    public int BlocksToGrow(int sequence, int tokens) => pool.BlocksToGrow(sequence, tokens);

    public bool TryReserve(int sequence, int tokens) => pool.TryReserve(sequence, tokens, out _);

    public void Share(int source, int target, int from, int to)
    {
        pool.Share(source, target, from, to);
        if (to == from)
            return;
        if (context.Unified)
            context.Share(source, target, from, to);
        else
            context.Copy(source, target, to);
    }

    public void Truncate(int sequence, int tokens)
    {
        var stored = pool.Length(sequence);
        pool.Truncate(sequence, tokens);
        if (tokens < stored)
            context.Truncate(sequence, tokens);
    }

    public void Release(int sequence) => Truncate(sequence, 0);

    /// <exception cref="NotSupportedException">The state has more than 2 GiB, which no span can hold.</exception>
    public void Save(int sequence, IBufferWriter<byte> destination)
    {
        var payload = context.StateBytes(sequence);
        if (payload > Array.MaxLength - KvEnvelope.HeaderBytes)
            throw new NotSupportedException($"The KV of {pool.Length(sequence)} tokens has {payload} bytes; at most 2 GiB can be saved.");

        var whole = destination.GetSpan(KvEnvelope.HeaderBytes + (int)payload)[..(KvEnvelope.HeaderBytes + (int)payload)];
        context.Save(sequence, whole[KvEnvelope.HeaderBytes..]);
        envelope.Seal(whole, pool.Length(sequence));
        destination.Advance(whole.Length);
    }

    /// <remarks>The cells may be others than before, and with them the order in which the library adds up: the continuation is then equal but for rounding.</remarks>
    public KvRestoreOutcome Restore(int sequence, ReadOnlySpan<byte> saved)
    {
        if (pool.Length(sequence) > 0)
            throw new InvalidOperationException($"Sequence {sequence} is not empty; release it before restoring into it.");
        if (!envelope.TryOpen(saved, out var tokens, out var payload) || tokens > pool.MaxTokens)
            return KvRestoreOutcome.NotCompatible;
        if (!TryReserve(sequence, tokens))
            return KvRestoreOutcome.OutOfBlocks;

        if (context.Restore(sequence, payload) && context.Length(sequence) == tokens)
        {
            pool.Append(sequence, tokens);
            return KvRestoreOutcome.Restored;
        }

        context.Truncate(sequence, 0);
        pool.Release(sequence);
        return KvRestoreOutcome.NotCompatible;
    }

    /// <summary>Whether the sequence may be written up to <paramref name="tokens"/>.</summary>
    internal bool CanWrite(int sequence, int tokens) => tokens <= pool.Capacity(sequence);

    /// <summary>Records what a completed step has stored.</summary>
    internal void Append(int sequence, int count) => pool.Append(sequence, count);

    /// <summary>Takes away what a step that did not complete has stored.</summary>
    internal void Undo(int sequence) => context.Truncate(sequence, pool.Length(sequence));
}
