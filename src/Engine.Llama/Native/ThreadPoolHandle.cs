using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary>Owns a <c>ggml_threadpool</c>: threads that wait for work. Without one every call starts threads of its own.</summary>
internal sealed unsafe class ThreadPoolHandle : SafeHandle
{
    // That of the backend that made the pool.
    private readonly delegate* unmanaged[Cdecl]<nint, void> free;

    private ThreadPoolHandle(nint pool, delegate* unmanaged[Cdecl]<nint, void> free)
        : base(0, ownsHandle: true)
    {
        this.free = free;
        SetHandle(pool);
    }

    public override bool IsInvalid => handle == 0;

    /// <param name="threads">The caller's included.</param>
    /// <param name="polling">How hard they look for work before they sleep, 0 to 100.</param>
    public static ThreadPoolHandle Create(int threads, int polling)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MostThreads);
        var parameters = NativeMethods.DefaultThreadPoolParameters(threads);
        parameters.Polling = (uint)polling;
        var create = (delegate* unmanaged[Cdecl]<ThreadPoolParameters*, nint>)Function("ggml_threadpool_new");
        var pool = create(&parameters);
        return pool != 0 ? new ThreadPoolHandle(pool, (delegate* unmanaged[Cdecl]<nint, void>)Function("ggml_threadpool_free")) : throw new InvalidOperationException($"llama.cpp does not start {threads} threads.");
    }

    /// <summary><c>GGML_MAX_N_THREADS</c>: the length of the processor mask.</summary>
    public const int MostThreads = 512;

    protected override bool ReleaseHandle()
    {
        free(handle);
        return true;
    }

    // The pool is the CPU backend's, which is a library of its own, chosen for the processor.
    private static nint Function(string name) => NativeMethods.BackendFunction(NativeMethods.BackendByName("CPU"), name) is var function and not 0
        ? function
        : throw new InvalidOperationException($"llama.cpp's CPU backend has no {name}.");
}
