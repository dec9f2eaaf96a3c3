using System.Buffers;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;

namespace Penstock.Benchmarks.Scheduler;

/// <summary>The books of KV memory without the memory, and a runner's step without the computing.</summary>
internal sealed class BookkeepingStore(int blocks, int sequences, int context) : IKvStore
{
    private readonly KvBlockPool pool = new(blocks, sequences, context);

    public int BlockTokens => KvBlockPool.BlockTokens;

    public int TotalBlocks => pool.TotalBlocks;

    public int FreeBlocks => pool.FreeBlocks;

    /// <summary>Stores every row of the step.</summary>
    public void Run(StepBatch batch)
    {
        foreach (var slice in batch.Slices)
            pool.Append(slice.Sequence, slice.Count);
    }

    public int Length(int sequence) => pool.Length(sequence);

    public int BlocksToGrow(int sequence, int tokens) => pool.BlocksToGrow(sequence, tokens);

    public bool TryReserve(int sequence, int tokens) => pool.TryReserve(sequence, tokens, out _);

    public void Share(int source, int target, int from, int to) => pool.Share(source, target, from, to);

    public void Truncate(int sequence, int tokens) => pool.Truncate(sequence, tokens);

    public void Release(int sequence) => pool.Release(sequence);

    public void Save(int sequence, IBufferWriter<byte> destination) => destination.Write(BitConverter.GetBytes(pool.Length(sequence)));

    public KvRestoreOutcome Restore(int sequence, ReadOnlySpan<byte> saved) => KvRestoreOutcome.NotCompatible;
}
