using Penstock.Engine.Running;
using Penstock.Models.Adapters;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>A random adapter in a temporary file, deleted with it.</summary>
internal sealed class TinyAdapter : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"penstock-lora-{Environment.ProcessId}-{Interlocked.Increment(ref made)}.gguf");
    private static int made;

    public TinyAdapter(GgufFile model, RandomAdapterOptions? options = null)
    {
        RandomAdapter.Write(path, model, options ?? new RandomAdapterOptions());
        File = LoraFile.Open(path);
    }

    public LoraFile File { get; }

    /// <summary>Writes one, loads it and forgets the file.</summary>
    public static int Load(IModelRunner runner, GgufFile model, RandomAdapterOptions options)
    {
        using var adapter = new TinyAdapter(model, options);
        return runner.Adapters!.Load(adapter.File);
    }

    public void Dispose()
    {
        File.Dispose();
        System.IO.File.Delete(path);
    }
}
