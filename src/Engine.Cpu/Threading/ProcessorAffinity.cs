using System.Runtime.InteropServices;
using Penstock.Contracts.Errors;

namespace Penstock.Engine.Cpu.Threading;

/// <summary>Keeps threads on processors: Linux's <c>sched_setaffinity</c>, whose id 0 is the calling thread.</summary>
internal static unsafe partial class ProcessorAffinity
{
    // As many processors as Linux is ever built for.
    private const int MaskBytes = 8192 / 8;

    [ThreadStatic]
    private static int pinned;

    /// <summary>Checks that so many threads can be kept on these processors, one each.</summary>
    /// <exception cref="PenstockException">They cannot; says why and what to do.</exception>
    public static void Check(IReadOnlyList<int> processors, int threads)
    {
        if (processors.Count == 0)
            return;
        if (!OperatingSystem.IsLinux())
            throw Refusal("Threads can be kept on processors on Linux only. Leave affinity out.");
        if (processors.Count < threads)
            throw Refusal($"{threads} threads are to be kept on {processors.Count} processors. Name one for each, or ask for fewer threads.");

        var allowed = Allowed();
        var missing = processors.Where(processor => !allowed.Contains(processor)).ToList();
        if (missing.Count > 0)
            throw Refusal($"This process may not use the processor {string.Join(", ", missing)}. It may use {string.Join(", ", allowed)}.");
    }

    /// <summary>Keeps the calling thread on a processor from now on. What the system refuses costs speed and nothing else.</summary>
    public static void Pin(int processor)
    {
        if (pinned == processor + 1 || !OperatingSystem.IsLinux())
            return;

        var mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        mask[processor / 8] = (byte)(1 << (processor % 8));
        if (SetAffinity(0, MaskBytes, mask) == 0)
            pinned = processor + 1;
    }

    /// <summary>The processors that the calling thread may use, ascending.</summary>
    public static IReadOnlyList<int> Allowed()
    {
        var mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        var allowed = new List<int>();
        if (!OperatingSystem.IsLinux() || GetAffinity(0, MaskBytes, mask) != 0)
            return [.. Enumerable.Range(0, Environment.ProcessorCount)];

        for (var processor = 0; processor < MaskBytes * 8; processor++)
        {
            if ((mask[processor / 8] >> (processor % 8) & 1) != 0)
                allowed.Add(processor);
        }

        return allowed;
    }

    private static PenstockException Refusal(string message) => new(new PenstockError(ErrorCode.InvalidRequest, message, "affinity"));

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nuint bytes, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAffinity(int thread, nuint bytes, byte* mask);
}
