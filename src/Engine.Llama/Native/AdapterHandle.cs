using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary>Owns a <c>llama_adapter_lora</c> and holds its model, which would free it otherwise.</summary>
internal sealed class AdapterHandle : SafeHandle
{
    private readonly ModelHandle model;

    public AdapterHandle(nint adapter, ModelHandle model)
        : base(0, ownsHandle: true)
    {
        this.model = model;
        var held = false;
        model.DangerousAddRef(ref held);
        SetHandle(adapter);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.FreeAdapter(handle);
        model.DangerousRelease();
        return true;
    }
}
