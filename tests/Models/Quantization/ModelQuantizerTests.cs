using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;
using Penstock.Models.Tests.Gguf;

namespace Penstock.Models.Tests.Quantization;

public sealed class ModelQuantizerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    [InlineData(TensorType.Q8_0)]
    public void Quantize_ToQ4_MakesWhatTheCodecMakes(TensorType from)
    {
        using var source = Model(new() { Type = from });
        ModelQuantizer.Quantize(source, folder.File("q4.gguf"), TensorType.Q4_0);

        using var target = GgufFile.Open(folder.File("q4.gguf"));
        Assert.Equal(2u, target.Metadata.UInt32("general.file_type"));
        Assert.Equal(TensorType.Q4_0, target.Find("token_embd.weight")!.Type);
        Assert.Equal(TensorType.Q8_0, target.Find("output.weight")!.Type);
        Assert.Equal(Bytes(source, "blk.0.attn_norm.weight"), Bytes(target, "blk.0.attn_norm.weight"));

        var tensor = source.Find("blk.1.ffn_down.weight")!;
        var values = new float[tensor.ElementCount];
        var expected = new byte[TensorType.Q4_0.ByteLength(values.Length)];
        TensorCodec.Dequantize(from, Bytes(source, tensor.Name), values);
        TensorCodec.Quantize(TensorType.Q4_0, values, expected);
        Assert.Equal(expected, Bytes(target, tensor.Name));
    }

    [Fact]
    public void Quantize_TiedOutputToQ4_KeepsTheEmbeddingsAtQ8()
    {
        using var source = Model(new() { TiedOutput = true });
        ModelQuantizer.Quantize(source, folder.File("q4.gguf"), TensorType.Q4_0);

        using var target = GgufFile.Open(folder.File("q4.gguf"));
        Assert.Equal(TensorType.Q8_0, target.Find("token_embd.weight")!.Type);
    }

    [Fact]
    public void Quantize_ToQ8_CopiesEverythingElse()
    {
        using var source = Model(new() { RopeFactors = true });
        var progress = new RecordedProgress();
        var report = ModelQuantizer.Quantize(source, folder.File("q8.gguf"), TensorType.Q8_0, progress);

        using var target = GgufFile.Open(folder.File("q8.gguf"));
        Assert.Equal(1, progress.Largest);
        Assert.Equal(16, report.Converted);
        Assert.Empty(report.Unfit);
        Assert.Equal(source.Metadata.Select(pair => pair.Key), target.Metadata.Select(pair => pair.Key));
        Assert.Equal(source.Metadata.Strings("tokenizer.ggml.tokens"), target.Metadata.Strings("tokenizer.ggml.tokens"));
        Assert.Equal(Bytes(source, "rope_freqs.weight"), Bytes(target, "rope_freqs.weight"));
    }

    [Fact]
    public void Quantize_RowsThatAreNoBlocks_KeepTheirType()
    {
        using var source = Model(new() { FeedForwardWidth = 100 });
        var report = ModelQuantizer.Quantize(source, folder.File("q8.gguf"), TensorType.Q8_0);

        using var target = GgufFile.Open(folder.File("q8.gguf"));
        Assert.Equal(["blk.0.ffn_down.weight", "blk.1.ffn_down.weight"], report.Unfit);
        Assert.Equal(TensorType.F32, target.Find("blk.0.ffn_down.weight")!.Type);
    }

    [Fact]
    public void Quantize_Cancelled_LeavesTheOldTarget()
    {
        using var source = Model(new());
        File.WriteAllText(folder.File("q8.gguf"), "old");

        Assert.ThrowsAny<OperationCanceledException>(
            () => ModelQuantizer.Quantize(source, folder.File("q8.gguf"), TensorType.Q8_0, cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal("old", File.ReadAllText(folder.File("q8.gguf")));
        Assert.DoesNotContain("q8.gguf.partial", folder.Names());
    }

    [Fact]
    public void Quantize_OntoItself_Works()
    {
        using (var source = Model(new()))
            ModelQuantizer.Quantize(source, folder.File("m.gguf"), TensorType.Q8_0);

        using var file = GgufFile.Open(folder.File("m.gguf"));
        Assert.Equal(TensorType.Q8_0, file.Find("output.weight")!.Type);
    }

    [Fact]
    public void Quantize_SourceTypeWithoutCodec_IsRefusedByName()
    {
        using (var writer = GgufWriter.Create(folder.File("k.gguf"), SmallModelFile.Metadata, [new("a.weight", TensorType.Q4_K, [256, 1])]))
        {
            writer.Append(new byte[144]);
            writer.Complete();
        }

        using var source = GgufFile.Open(folder.File("k.gguf"));
        var error = Assert.Throws<GgufException>(() => ModelQuantizer.Quantize(source, folder.File("q.gguf"), TensorType.Q8_0));
        Assert.Contains("a.weight is stored as Q4_K", error.Message);
    }

    private GgufFile Model(RandomModelOptions options)
    {
        RandomModel.Write(folder.File("m.gguf"), options);
        return GgufFile.Open(folder.File("m.gguf"));
    }

    private static byte[] Bytes(GgufFile file, string name)
    {
        var tensor = file.Find(name)!;
        var bytes = new byte[tensor.ByteLength];
        file.Read(tensor, 0, bytes);
        return bytes;
    }
}
