using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Memory;

/// <summary>
/// Where a model's weights lie: large chunks, carved up in the order of loading and freed together. On Linux the chunks ask
/// for huge pages, since a step walks through all weights and would miss the translation buffer at every 4 KiB.
/// </summary>
internal sealed unsafe partial class WeightMemory : IDisposable
{
    private const long HugePage = 2 << 20;
    private const long ChunkBytes = 64 << 20;
    private const int Alignment = 64;
    private const int AdviseHugePages = 14; // MADV_HUGEPAGE

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
        var size = ((bytes + HugePage - 1) / HugePage * HugePage) + HugePage;
        var chunk = NativeMemory.AllocZeroed((nuint)size);
        chunks.Add((nint)chunk);
        next = (byte*)(((nuint)chunk + (nuint)HugePage - 1) & ~(nuint)(HugePage - 1));
        end = (byte*)chunk + size;
        if (OperatingSystem.IsLinux())
            _ = Advise(next, (nuint)((end - next) / HugePage * HugePage), AdviseHugePages); // Advice only: a refusal costs speed.
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint length, int advice);
}
