using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.Engine.Running;

namespace Penstock.Engine.Llama.Contexts;

/// <summary>What the library's abort callback looks at, between two operations of the graph.</summary>
internal sealed unsafe class AbortCell
{
    /// <summary>The signal of the call that runs; null = none.</summary>
    public AbortSignal? Signal { get; set; }

    public static delegate* unmanaged[Cdecl]<void*, byte> Callback => &Raised;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte Raised(void* state) => ((AbortCell)GCHandle.FromIntPtr((nint)state).Target!).Signal is { Raised: true } ? (byte)1 : (byte)0;
}
