using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary>
/// Owns a <c>llama_context</c> and holds what it points into (model, threads, the abort callback's state), so that none of them can go first,
/// in whatever order they are disposed or finalized.
/// </summary>
internal sealed class ContextHandle : SafeHandle
{
    private readonly ModelHandle model;
    private readonly ThreadPoolHandle pool;
    private GCHandle abortState;

    /// <param name="context">The context.</param>
    /// <param name="model">Its model.</param>
    /// <param name="pool">The threads to be attached.</param>
    /// <param name="abortState">Freed with the context.</param>
    public ContextHandle(nint context, ModelHandle model, ThreadPoolHandle pool, GCHandle abortState)
        : base(0, ownsHandle: true)
    {
        (this.model, this.pool, this.abortState) = (model, pool, abortState);
        var (heldModel, heldPool) = (false, false);
        model.DangerousAddRef(ref heldModel);
        pool.DangerousAddRef(ref heldPool);
        SetHandle(context);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.FreeContext(handle);
        pool.DangerousRelease();
        model.DangerousRelease();
        abortState.Free();
        return true;
    }
}
