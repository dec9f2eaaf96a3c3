using Penstock.Contracts.Errors;

namespace Penstock.Engine.Cpu.Memory;

/// <summary>Refuses to ask the system for what it cannot have: its answer would be to end the process.</summary>
internal static class MemoryNeed
{
    private const double GiB = 1L << 30;

    /// <exception cref="PenstockException">The bytes exceed the machine's memory (or this process's limit); says what asked for them and what to do.</exception>
    public static void Check(long bytes, string what, string remedy)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
            throw new PenstockException(new PenstockError(ErrorCode.Unavailable, $"{what} needs {bytes / GiB:0.0} GiB, but this process may use {available / GiB:0.0} GiB. {remedy}"));
    }
}
