using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Memory;

/// <summary>Asks Linux to back memory with pages of 2 MiB: what a step walks through would miss the translation buffer at every 4 KiB.</summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of a huge page, and its alignment.</summary>
    public const long Bytes = 2 << 20;

    private const int AdviseHugePage = 14; // MADV_HUGEPAGE

    /// <summary>Advice for the whole huge pages in a range, before it is touched. A refusal costs speed and nothing else.</summary>
    public static void Ask(byte* start, long length)
    {
        var first = ((long)start + Bytes - 1) / Bytes * Bytes;
        var last = ((long)start + length) / Bytes * Bytes;
        if (OperatingSystem.IsLinux() && last > first)
            _ = Advise((void*)first, (nuint)(last - first), AdviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint length, int advice);
}
