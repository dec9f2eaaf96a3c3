using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Memory;

/// <summary>
/// Where a model's weights lie: large chunks, carved up in the order of loading and freed together. On Linux the chunks ask
/// for huge pages, since a step walks through all weights and would miss the translation buffer at every 4 KiB.
/// </summary>
internal sealed unsafe class WeightMemory : IDisposable
{
    private const long ChunkBytes = 64 << 20;
    private const int Alignment = 64;

    private readonly List<nint> chunks = [];
    private byte* next;
    private byte* end;

    /// <summary>Zeroed memory on a 64-byte border, valid until this is disposed.</summary>
    public byte* Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var size = (bytes + Alignment - 1) / Alignment * Alignment;
        if (size > end - next)
            AddChunk(Math.Max(ChunkBytes, size));

        var result = next;
        next += size;
        return result;
    }

    public void Dispose()
    {
        foreach (var chunk in chunks)
            NativeMemory.Free((void*)chunk);
        chunks.Clear();
        next = end = null;
    }

    // Fresh pages of the operating system are zero and cost nothing until they are touched, so the last chunk's rest is free.
    private void AddChunk(long bytes)
    {
        var size = ((bytes + HugePages.Bytes - 1) / HugePages.Bytes * HugePages.Bytes) + HugePages.Bytes;
        var chunk = NativeMemory.AllocZeroed((nuint)size);
        chunks.Add((nint)chunk);
        next = (byte*)(((nuint)chunk + (nuint)HugePages.Bytes - 1) & ~(nuint)(HugePages.Bytes - 1));
        end = (byte*)chunk + size;
        HugePages.Ask(next, end - next);
    }
}
