using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Memory;

/// <summary>
/// Zeroed native memory on a 64-byte border. Large buffers come from the operating system as zero pages: what was never
/// touched costs no resident memory. The owner disposes it; nobody may use <see cref="Pointer"/> afterwards.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;
    private void* allocation;

    [ThreadStatic]
    private static long allocatedByThread;

    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        allocatedByThread += bytes;
        allocation = NativeMemory.AllocZeroed((nuint)bytes + Alignment);
        Pointer = (byte*)(((nuint)allocation + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    /// <summary>Bytes of all buffers that the calling thread has made, those it has freed included.</summary>
    public static long AllocatedBytesForCurrentThread => allocatedByThread;

    public long Bytes { get; }

    public byte* Pointer { get; private set; }

    public float* Floats => (float*)Pointer;

    public void Dispose()
    {
        NativeMemory.Free(allocation);
        allocation = null;
        Pointer = null;
    }
}
