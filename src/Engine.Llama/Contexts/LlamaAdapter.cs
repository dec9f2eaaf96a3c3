using Penstock.Engine.Llama.Native;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Llama.Contexts;

/// <summary>A LoRA adapter as llama.cpp loads it. No context may compute with it when it is disposed of.</summary>
internal sealed class LlamaAdapter : IDisposable
{
    private readonly AdapterHandle handle;

    private LlamaAdapter(AdapterHandle handle) => this.handle = handle;

    /// <summary>Valid until disposed of.</summary>
    public nint Address => !handle.IsClosed ? handle.DangerousGetHandle() : throw new ObjectDisposedException(nameof(LlamaAdapter));

    /// <exception cref="GgufException">llama.cpp refuses the file; the message has its reason.</exception>
    public static LlamaAdapter Open(LlamaModel model, string path)
    {
        NativeLog.Clear();
        var loaded = NativeMethods.LoadAdapter(model.Handle, path);
        return loaded != 0
            ? new LlamaAdapter(new AdapterHandle(loaded, model.Handle))
            : throw new GgufException(path, $"llama.cpp does not load the adapter: {NativeLog.Take("it gives no reason")}", "Load it into the model that it was trained for.");
    }

    public void Dispose() => handle.Dispose();
}
