using Penstock.Engine.Llama.Running;
using Penstock.Engine.Llama.Tests.Support;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Llama.Tests.Running;

public class LoadFaultTests
{
    [Fact]
    public void Load_ArchitectureThatLlamaDoesNotKnow_SaysItsReason()
    {
        using var model = new TinyModel();
        var path = model.File.Path + ".other";
        try
        {
            Rewrite(model.File, path, "nonsense");
            using var file = GgufFile.Open(path);
            var refused = Assert.Throws<GgufException>(() => LlamaModelRunner.Load(file, new LlamaRunnerOptions { Threads = 1 }));
            Assert.Contains("nonsense", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("output_norm.weight")]
    [InlineData("blk.0.ffn_up.weight")]
    public void Load_WeightThatIsNotANumber_IsRefused(string tensor)
    {
        using var model = new TinyModel();
        var path = model.File.Path + ".nan";
        try
        {
            var bytes = File.ReadAllBytes(model.File.Path);
            BitConverter.TryWriteBytes(bytes.AsSpan((int)model.File.Find(tensor)!.Offset), float.NaN);
            File.WriteAllBytes(path, bytes);
            using var file = GgufFile.Open(path);
            var refused = Assert.Throws<GgufException>(() => LlamaModelRunner.Load(file, new LlamaRunnerOptions { Threads = 1 }));
            Assert.Contains(tensor, refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_KvThatNoMachineHolds_IsRefusedBeforeItIsTaken()
    {
        using var model = new TinyModel(new RandomModelOptions { LayerCount = 8, HeadWidth = 256 });
        var refused = Assert.Throws<GgufException>(() => LlamaModelRunner.Load(model.File, new LlamaRunnerOptions { Threads = 1, KvTokens = int.MaxValue }));
        Assert.Contains("--kv-tokens", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Progress_EndsAtOne()
    {
        using var model = new TinyModel();
        var told = new Fractions();
        using var runner = LlamaModelRunner.Load(model.File, new LlamaRunnerOptions { Threads = 1, KvTokens = 256 }, told);
        Assert.Equal(1, told.Seen[^1], tolerance: 1e-6);
    }

    private static void Rewrite(GgufFile file, string path, string architecture)
    {
        var metadata = file.Metadata.Select(pair => pair.Key == "general.architecture" ? new(pair.Key, GgufValue.From(architecture)) : pair);
        using var writer = GgufWriter.Create(path, metadata, []);
        writer.Complete();
    }

    private sealed class Fractions : IProgress<double>
    {
        public List<double> Seen { get; } = [];

        public void Report(double value) => Seen.Add(value);
    }
}
