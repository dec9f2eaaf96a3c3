using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Penstock.Gateway.Hosting;

/// <summary>
/// The memory that Kestrel reads requests into and writes answers from. Its own blocks have 4 KiB, so that a prompt of 220 KB takes 55 calls of the system;
/// these have four times as much. An idle connection holds none either way. Thread-safe.
/// </summary>
internal sealed class TransportBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockSize = 16 << 10;

    /// <summary>16 MiB; what is returned beyond that goes to the collector.</summary>
    private const int MostKept = 1024;

    private readonly ConcurrentQueue<Block> free = new();

    public override int MaxBufferSize => BlockSize;

    /// <summary>One pool for all of the server.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return free.TryDequeue(out var block) ? block : new Block(this);
    }

    // Whoever was handed the pool may dispose it; the blocks are the collector's.
    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Block(TransportBlocks pool) : IMemoryOwner<byte>
    {
        // Pinned for good: it is handed to the system again and again.
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose()
        {
            if (pool.free.Count < MostKept)
            {
                pool.free.Enqueue(this);
            }
        }
    }
}
