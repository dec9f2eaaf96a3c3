using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>A random model in a temporary file, deleted with it.</summary>
internal sealed class TinyModel : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"penstock-cpu-{Environment.ProcessId}-{Interlocked.Increment(ref made)}.gguf");
    private static int made;

    public TinyModel(RandomModelOptions? options = null)
    {
        RandomModel.Write(path, options ?? new RandomModelOptions());
        File = GgufFile.Open(path);
    }

    public GgufFile File { get; }

    /// <summary>As small as the type's blocks allow.</summary>
    public static TinyModel Of(TensorType type) => new(type.BlockElements() > 32
        ? new RandomModelOptions { Type = type, EmbeddingWidth = 256, FeedForwardWidth = 256 }
        : new RandomModelOptions { Type = type });

    public CpuModelRunner Load(int threads = 1, KernelPath path = KernelPath.Auto, int kvTokens = 4096, int maxRows = 128, int maxSequences = 32, KvType kvType = KvType.F32) =>
        CpuModelRunner.Load(File, new CpuRunnerOptions { Threads = threads, Path = path, KvTokens = kvTokens, MaxRows = maxRows, MaxSequences = maxSequences, KvType = kvType });

    public void Dispose()
    {
        File.Dispose();
        System.IO.File.Delete(path);
    }
}
