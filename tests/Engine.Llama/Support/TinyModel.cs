using Penstock.Engine.Llama.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Llama.Tests.Support;

/// <summary>A random model in a temporary file, deleted with it. Tests that make one are skipped where llama.cpp's libraries are not installed.</summary>
internal sealed class TinyModel : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"penstock-llama-{Environment.ProcessId}-{Interlocked.Increment(ref made)}.gguf");
    private static int made;

    public TinyModel(RandomModelOptions? options = null)
    {
        Assert.SkipWhen(LibraryFolder.Find() is null, $"llama.cpp's libraries are not installed; run npm ci in native, or set {LibraryFolder.Variable}.");
        RandomModel.Write(path, options ?? new RandomModelOptions());
        File = GgufFile.Open(path);
    }

    public GgufFile File { get; }

    public LlamaModelRunner Load(int kvTokens = 1024, int maxRows = 128, int maxSequences = 8) =>
        LlamaModelRunner.Load(File, new LlamaRunnerOptions { Threads = 1, KvTokens = kvTokens, MaxRows = maxRows, MaxSequences = maxSequences });

    public void Dispose()
    {
        File.Dispose();
        System.IO.File.Delete(path);
    }
}
