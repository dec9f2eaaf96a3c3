using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Penstock.Engine.Cpu.Memory;

/// <summary>Asks Linux to bring files into its cache while the program is still starting: when the weights are wanted, much of the disk's work is done.</summary>
public static partial class FileReadAhead
{
    // Linux cuts what is asked for at once down to the disk's read-ahead window, usually this much.
    private const int RequestBytes = 128 << 10;

    private const int WillNeed = 3; // POSIX_FADV_WILLNEED

    /// <summary>Begins in the background, one file after the other. Whoever opens a file that cannot be read is told why; here nobody is.</summary>
    /// <returns>Ends when all has been asked for.</returns>
    public static Task Begin(IReadOnlyList<string> paths) =>
        OperatingSystem.IsLinux() ? Task.Factory.StartNew(() => Ask(paths), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default) : Task.CompletedTask;

    // What is read further ahead than memory is large would be gone when it is wanted.
    private static void Ask(IReadOnlyList<string> paths)
    {
        var left = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
        foreach (var path in paths)
        {
            try
            {
                using var file = File.OpenHandle(path);
                var length = Math.Min(left, RandomAccess.GetLength(file));
                left -= length;
                for (var at = 0L; at < length && Advise(file, at, RequestBytes, WillNeed) == 0; at += RequestBytes)
                {
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                return;
            }
        }
    }

    // Offsets are 64 bits wide on all 64-bit systems.
    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
