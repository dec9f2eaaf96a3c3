using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary><c>ggml_threadpool_params</c>: a mask of 512 processors, then how many threads, their priority and how long they spin.</summary>
[StructLayout(LayoutKind.Explicit, Size = 528)]
internal struct ThreadPoolParameters
{
    [FieldOffset(512)]
    public int Threads;

    [FieldOffset(520)]
    public uint Polling;
}
