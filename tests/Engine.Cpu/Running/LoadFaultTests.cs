using System.Buffers.Binary;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;
using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Running;

/// <summary>A model that the engine does not compute is refused at load, by name and with a remedy.</summary>
public sealed class LoadFaultTests : IDisposable
{
    private static int made;
    private readonly string path = Path.Combine(Path.GetTempPath(), $"penstock-cpu-fault-{Environment.ProcessId}-{Interlocked.Increment(ref made)}.gguf");

    [Theory]
    [InlineData("general.architecture", "llama", "gemma", "the architecture is gemma")]
    [InlineData("tensor name", "blk.1.ffn_up.weight", "blk.1.ffn_xx.weight", "blk.1.ffn_up.weight is missing")]
    [InlineData("tensor name", "output_norm.weight", "output_morn.weight", "output_norm.weight is missing")]
    public void Load_OfAnotherShape_NamesIt(string what, string from, string to, string message)
    {
        _ = what;
        RandomModel.Write(path, new RandomModelOptions());
        Replace(from, to);
        Assert.Contains(message, Load(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("granite", "granite.logit_scale", "granite.logit_stale", "the metadata key granite.logit_scale is missing")]
    [InlineData("qwen3", "blk.1.attn_k_norm.weight", "blk.1.attn_k_morn.weight", "blk.1.attn_k_norm.weight is missing")]
    [InlineData("gemma2", "blk.0.post_ffw_norm.weight", "blk.0.post_ffw_morn.weight", "blk.0.post_ffw_norm.weight is missing")]
    [InlineData("qwen2", "blk.0.attn_q.bias", "blk.0.attn_q.bios", "blk.0.attn_q.bios (1 such in all) is not part of the qwen2 architecture")]
    [InlineData("phi3", "blk.0.attn_qkv.weight", "blk.0.attn_qkw.weight", "blk.0.attn_q.weight is missing")]
    [InlineData("phi3", "rope_factors_long.weight", "rope_factors_lang.weight", "rope_factors_short.weight and rope_factors_long.weight at least one is missing")]
    public void Load_OfAnArchitectureWithoutAPartOfIt_NamesThePart(string architecture, string from, string to, string message)
    {
        RandomModel.Write(path, new RandomModelOptions { Architecture = architecture, RopeScaling = architecture == "phi3" ? RopeScaling.LongRope : RopeScaling.None });
        Replace(from, to);
        Assert.Contains(message, Load(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfATensorThatTheArchitectureDoesNotHave_NamesIt()
    {
        RandomModel.Write(path, new RandomModelOptions { RopeFactors = true });
        Replace("rope_freqs.weight", "ropy_freqs.weight");
        Assert.Contains("ropy_freqs.weight", Load(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfNaNWeights_NamesTheTensor()
    {
        RandomModel.Write(path, new RandomModelOptions { Type = TensorType.Q8_0 });
        using (var file = GgufFile.Open(path))
        {
            var tensor = file.Find("blk.0.attn_k.weight")!;
            file.Dispose();
            using var stream = File.OpenWrite(path);
            stream.Position = tensor.Offset;
            stream.Write([0xFF, 0x7F]);
        }

        Assert.Contains("blk.0.attn_k.weight holds infinite or NaN weights", Load(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithQ8KvAndHeadsThatAreNotWholeBlocks_NamesTypeAndRemedy()
    {
        RandomModel.Write(path, new RandomModelOptions { HeadWidth = 48 });
        using var file = GgufFile.Open(path);
        var fault = Assert.Throws<GgufException>(() => CpuModelRunner.Load(file, new CpuRunnerOptions { Threads = 1, KvType = KvType.Q8_0 }));
        Assert.Contains("q8_0 has blocks of 32 dimensions, and heads of 48", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--kv-type f16", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfATypeWithoutKernels_NamesTypeAndRemedy()
    {
        RandomModel.Write(path, new RandomModelOptions { Type = TensorType.F16 });
        using (var file = GgufFile.Open(path))
            file.Dispose();
        ReplaceType("blk.0.attn_q.weight", TensorType.I16);
        var message = Load();
        Assert.Contains("blk.0.attn_q.weight has the type I16", message, StringComparison.Ordinal);
        Assert.Contains("quantize its full-precision form", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAFileThatIsCutWhileOpen_SaysSo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let an open file be cut.");
        RandomModel.Write(path, new RandomModelOptions());
        using var file = GgufFile.Open(path);
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(file.Length / 2);

        var error = Assert.Throws<GgufException>(() => CpuModelRunner.Load(file, new CpuRunnerOptions { Threads = 1 }));
        Assert.Contains("the file was cut while it was open", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(path);

    private string Load()
    {
        using var file = GgufFile.Open(path);
        return Assert.Throws<GgufException>(() => CpuModelRunner.Load(file, new CpuRunnerOptions { Threads = 1 })).Message;
    }

    private void Replace(string from, string to)
    {
        var bytes = File.ReadAllBytes(path);
        if (to.Length == from.Length)
        {
            System.Text.Encoding.UTF8.GetBytes(to).CopyTo(bytes, Find(bytes, from));
        }
        else
        {
            // The architecture's name prefixes the keys too: only its own value changes, which has its length before it.
            var at = Find(bytes, "general.architecture") + "general.architecture".Length + 4;
            var value = bytes.AsSpan(at + 8 + from.Length).ToArray();
            var head = bytes.AsSpan(0, at + 8).ToArray();
            BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(at), (ulong)to.Length);
            bytes = [.. head, .. System.Text.Encoding.UTF8.GetBytes(to), .. value];
        }

        File.WriteAllBytes(path, bytes);
    }

    // A tensor's entry: name, dimensions (u32), two sizes (u64), type (u32).
    private void ReplaceType(string tensor, TensorType type)
    {
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Find(bytes, tensor) + tensor.Length + 4 + 16), (int)type);
        File.WriteAllBytes(path, bytes);
    }

    private static int Find(byte[] bytes, string text) => bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));
}
