using System.Buffers;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>KV memory: <see cref="KvBlockPool"/> keeps the books, one native buffer indexed by block id keeps the keys and values. Blocks that were never used cost no resident memory.</summary>
internal sealed unsafe class CpuKvStore : IKvStore, IDisposable
{
    private readonly KvBlockPool pool;
    private readonly NativeBuffer memory;
    private readonly KvArchive archive;

    /// <param name="layout">Shape of a block.</param>
    /// <param name="totalBlocks">Blocks to have.</param>
    /// <param name="maxSequences">Sequences to know.</param>
    /// <param name="contextLength">Most tokens of one sequence.</param>
    /// <param name="modelKey">Identifies the model that computed the KV: saved states of another are refused.</param>
    public CpuKvStore(KvLayout layout, int totalBlocks, int maxSequences, int contextLength, ulong modelKey)
    {
        Layout = layout;
        pool = new KvBlockPool(totalBlocks, maxSequences, contextLength);
        memory = new NativeBuffer(totalBlocks * layout.BlockBytes);
        HugePages.Ask(memory.Pointer, memory.Bytes);
        archive = new KvArchive(layout, modelKey);
    }

    public KvLayout Layout { get; }

    public int BlockTokens => KvBlockPool.BlockTokens;

    public int TotalBlocks => pool.TotalBlocks;

    public int FreeBlocks => pool.FreeBlocks;

    public int Length(int sequence) => pool.Length(sequence);

    public int BlocksToGrow(int sequence, int tokens) => pool.BlocksToGrow(sequence, tokens);

    public bool TryReserve(int sequence, int tokens)
    {
        if (!pool.TryReserve(sequence, tokens, out var copy))
            return false;

        if (copy.Needed)
            Buffer.MemoryCopy(Block(copy.From), Block(copy.To), Layout.BlockBytes, Layout.BlockBytes);
        return true;
    }

    public void Share(int source, int target, int from, int to) => pool.Share(source, target, from, to);

    public void Truncate(int sequence, int tokens) => pool.Truncate(sequence, tokens);

    public void Release(int sequence) => pool.Release(sequence);

    public void Save(int sequence, IBufferWriter<byte> destination)
    {
        var length = pool.Length(sequence);
        var writer = archive.Begin(length, destination);
        foreach (var block in pool.Table(sequence)[..KvBlockPool.BlocksFor(length)])
            writer.Write(Block(block));
        writer.Complete();
    }

    public KvRestoreOutcome Restore(int sequence, ReadOnlySpan<byte> saved)
    {
        if (pool.Length(sequence) > 0)
            throw new InvalidOperationException($"Sequence {sequence} is not empty; release it before restoring into it.");
        if (!archive.TryOpen(saved, out var length, out var blocks) || length > pool.MaxTokens)
            return KvRestoreOutcome.NotCompatible;
        if (!TryReserve(sequence, length))
            return KvRestoreOutcome.OutOfBlocks;

        foreach (var block in pool.Table(sequence)[..KvBlockPool.BlocksFor(length)])
        {
            Layout.Format.Restored(blocks[..(int)Layout.BlockBytes]);
            blocks[..(int)Layout.BlockBytes].CopyTo(new Span<byte>(Block(block), (int)Layout.BlockBytes));
            blocks = blocks[(int)Layout.BlockBytes..];
        }

        pool.Append(sequence, length);
        return KvRestoreOutcome.Restored;
    }

    public void Dispose() => memory.Dispose();

    /// <summary>Whether the sequence may be written up to <paramref name="tokens"/>.</summary>
    internal bool CanWrite(int sequence, int tokens) => tokens <= pool.Capacity(sequence);

    /// <summary>Records what a completed step has written.</summary>
    internal void Append(int sequence, int count) => pool.Append(sequence, count);

    internal ReadOnlySpan<int> Table(int sequence) => pool.Table(sequence);

    internal byte* Block(int block) => memory.Pointer + (block * Layout.BlockBytes);
}
