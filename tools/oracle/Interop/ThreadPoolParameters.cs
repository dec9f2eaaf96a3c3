using System.Runtime.InteropServices;

namespace Penstock.Tools.Oracle.Interop;

/// <summary><c>ggml_threadpool_params</c>: a mask of 512 bools, then what is set here.</summary>
[StructLayout(LayoutKind.Explicit, Size = 528)]
internal struct ThreadPoolParameters
{
    [FieldOffset(512)]
    public int Threads;

    /// <summary>How long a thread spins for work, 0 to 100; 50 is the library's default.</summary>
    [FieldOffset(520)]
    public uint Poll;
}
