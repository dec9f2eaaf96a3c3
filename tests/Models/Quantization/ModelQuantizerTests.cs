using System.Runtime.InteropServices;
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
        ModelQuantizer.Quantize(source, folder.File("q4.gguf"), Options(QuantizationMix.Q4_0));

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
        ModelQuantizer.Quantize(source, folder.File("q4.gguf"), Options(QuantizationMix.Q4_0));

        using var target = GgufFile.Open(folder.File("q4.gguf"));
        Assert.Equal(TensorType.Q8_0, target.Find("token_embd.weight")!.Type);
    }

    [Fact]
    public void Quantize_ToQ8_CopiesEverythingElse()
    {
        using var source = Model(new() { RopeFactors = true });
        var progress = new RecordedProgress();
        var report = ModelQuantizer.Quantize(source, folder.File("q8.gguf"), Options(QuantizationMix.Q8_0), progress);

        using var target = GgufFile.Open(folder.File("q8.gguf"));
        Assert.Equal(1, progress.Largest);
        Assert.Equal(16, report.Converted);
        Assert.Empty(report.Unfit);
        Assert.Equal(source.Metadata.Select(pair => pair.Key), target.Metadata.Select(pair => pair.Key));
        Assert.Equal(source.Metadata.Strings("tokenizer.ggml.tokens"), target.Metadata.Strings("tokenizer.ggml.tokens"));
        Assert.Equal(Bytes(source, "rope_freqs.weight"), Bytes(target, "rope_freqs.weight"));
    }

    [Fact]
    public void Quantize_RowsThatAreNoBlocks_BecomeF16()
    {
        using var source = Model(new() { FeedForwardWidth = 100 });
        var report = ModelQuantizer.Quantize(source, folder.File("q8.gguf"), Options(QuantizationMix.Q8_0));

        using var target = GgufFile.Open(folder.File("q8.gguf"));
        Assert.Equal(["blk.0.ffn_down.weight", "blk.1.ffn_down.weight"], report.Unfit);
        Assert.Equal(TensorType.F16, target.Find("blk.0.ffn_down.weight")!.Type);
    }

    [Fact]
    public void Quantize_Cancelled_LeavesTheOldTarget()
    {
        using var source = Model(new());
        File.WriteAllText(folder.File("q8.gguf"), "old");

        Assert.ThrowsAny<OperationCanceledException>(
            () => ModelQuantizer.Quantize(source, folder.File("q8.gguf"), Options(QuantizationMix.Q8_0), cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal("old", File.ReadAllText(folder.File("q8.gguf")));
        Assert.DoesNotContain("q8.gguf.partial", folder.Names());
    }

    [Fact]
    public void Quantize_OntoItself_Works()
    {
        using (var source = Model(new()))
            ModelQuantizer.Quantize(source, folder.File("m.gguf"), Options(QuantizationMix.Q8_0));

        using var file = GgufFile.Open(folder.File("m.gguf"));
        Assert.Equal(TensorType.Q8_0, file.Find("output.weight")!.Type);
    }

    [Fact]
    public void Quantize_SourceTypeWithoutCodec_IsRefusedByName()
    {
        using (var writer = GgufWriter.Create(folder.File("k.gguf"), SmallModelFile.Metadata, [new("a.weight", TensorType.IQ4_XS, [256, 2])]))
        {
            writer.Append(new byte[272]);
            writer.Complete();
        }

        using var source = GgufFile.Open(folder.File("k.gguf"));
        var error = Assert.Throws<GgufException>(() => ModelQuantizer.Quantize(source, folder.File("q.gguf"), Options(QuantizationMix.Q8_0)));
        Assert.Contains("a.weight is stored as IQ4_XS", error.Message);
    }

    [Theory]
    [InlineData(QuantizationMix.Q4_K_M, TensorType.Q6_K, TensorType.Q4_K, TensorType.Q6_K, TensorType.Q4_K, TensorType.Q4_K)]
    [InlineData(QuantizationMix.Q4_K_S, TensorType.Q6_K, TensorType.Q5_K, TensorType.Q5_K, TensorType.Q4_K, TensorType.Q4_K)]
    [InlineData(QuantizationMix.Q5_K_M, TensorType.Q6_K, TensorType.Q5_K, TensorType.Q6_K, TensorType.Q5_K, TensorType.Q5_K)]
    [InlineData(QuantizationMix.Q3_K_L, TensorType.Q6_K, TensorType.Q5_K, TensorType.Q5_K, TensorType.Q5_K, TensorType.Q3_K)]
    [InlineData(QuantizationMix.Q3_K_M, TensorType.Q6_K, TensorType.Q5_K, TensorType.Q4_K, TensorType.Q4_K, TensorType.Q3_K)]
    [InlineData(QuantizationMix.Q2_K, TensorType.Q6_K, TensorType.Q3_K, TensorType.Q3_K, TensorType.Q3_K, TensorType.Q2_K)]
    [InlineData(QuantizationMix.Q8_0, TensorType.Q8_0, TensorType.Q8_0, TensorType.Q8_0, TensorType.Q8_0, TensorType.Q8_0)]
    [InlineData(QuantizationMix.Q4_0, TensorType.Q6_K, TensorType.Q4_0, TensorType.Q4_0, TensorType.Q4_0, TensorType.Q4_0)]
    public void Quantize_Mix_GivesTheTypesThatItsNameMeans(QuantizationMix mix, TensorType output, TensorType firstValue, TensorType lastValue, TensorType firstAttentionOutput, TensorType gate)
    {
        using var source = Model(new() { EmbeddingWidth = 256, FeedForwardWidth = 256, LayerCount = 4, VocabularySize = 300 });
        ModelQuantizer.Quantize(source, folder.File("q.gguf"), Options(mix));

        using var target = GgufFile.Open(folder.File("q.gguf"));
        Assert.Equal((uint)mix, target.Metadata.UInt32("general.file_type"));
        Assert.Equal(
            [output, firstValue, lastValue, firstAttentionOutput, gate],
            new[] { "output.weight", "blk.0.attn_v.weight", "blk.3.attn_v.weight", "blk.0.attn_output.weight", "blk.2.ffn_gate.weight" }.Select(name => target.Find(name)!.Type));
    }

    [Theory]
    [InlineData(QuantizationMix.Q4_K_S, TensorType.Q5_0)]
    [InlineData(QuantizationMix.Q5_K_S, TensorType.Q5_1)]
    [InlineData(QuantizationMix.Q6_K, TensorType.Q8_0)]
    [InlineData(QuantizationMix.Q3_K_S, TensorType.Q4_0)]
    public void Quantize_RowsThatAreNoSuperblocks_TakeTheTypeThatStandsIn(QuantizationMix mix, TensorType expected)
    {
        using var source = Model(new());
        var report = ModelQuantizer.Quantize(source, folder.File("q.gguf"), Options(mix));

        using var target = GgufFile.Open(folder.File("q.gguf"));
        Assert.Equal(expected, target.Find("blk.0.ffn_gate.weight")!.Type);
        Assert.Equal(16, report.Unfit.Count);
    }

    [Fact]
    public void Quantize_QuantizedSource_NeedsLeave()
    {
        using var source = Model(new() { Type = TensorType.Q8_0 });

        var error = Assert.Throws<GgufException>(() => ModelQuantizer.Quantize(source, folder.File("q.gguf"), new() { Mix = QuantizationMix.Q4_0 }));

        Assert.Contains("is quantized already, as Q8_0", error.Message);
        Assert.Contains("--allow-requantize", error.Message);
    }

    [Theory]
    [InlineData(float.NaN, "has a weight that is not a finite number in row 1")]
    [InlineData(float.NegativeInfinity, "has a weight that is not a finite number in row 1")]
    [InlineData(1e6f, "has the weight 1E+06, which Q4_0 cannot hold (the limit is 65504), in row 1")]
    public void Quantize_WeightThatCannotBe_IsRefusedWithTheTensorsName(float weight, string problem)
    {
        var values = new float[64 * 2];
        values[70] = weight;
        Write("bad.gguf", "a.weight", [64, 2], values);
        using var source = GgufFile.Open(folder.File("bad.gguf"));

        var error = Assert.Throws<GgufException>(() => ModelQuantizer.Quantize(source, folder.File("q.gguf"), Options(QuantizationMix.Q4_0)));

        Assert.Contains($"the tensor a.weight {problem}", error.Message);
        Assert.DoesNotContain("q.gguf", folder.Names());
    }

    [Fact]
    public void Quantize_WithImportance_MinimisesTheErrorOfWeightyColumns()
    {
        var random = new System.Random(1);
        var values = Enumerable.Range(0, 256 * 8).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        Write("m.gguf", "a.weight", [256, 8], values);
        WriteImportance("i.gguf", "a.weight", [.. Enumerable.Range(0, 256).Select(i => i % 8 == 0 ? 800f : 1f)], [10f]);
        using var source = GgufFile.Open(folder.File("m.gguf"));
        ModelQuantizer.Quantize(source, folder.File("plain.gguf"), Options(QuantizationMix.Q4_K_S));
        ModelQuantizer.Quantize(source, folder.File("weighted.gguf"), Options(QuantizationMix.Q4_K_S) with { Importance = ImportanceMatrix.Read(folder.File("i.gguf")) });

        Assert.True(Error("weighted.gguf") < 0.8 * Error("plain.gguf"));

        double Error(string file)
        {
            using var quantized = GgufFile.Open(folder.File(file));
            var back = new float[values.Length];
            TensorCodec.Dequantize(TensorType.Q4_K, Bytes(quantized, "a.weight"), back);
            return Enumerable.Range(0, values.Length).Where(i => i % 8 == 0).Sum(i => Math.Pow(values[i] - back[i], 2));
        }
    }

    [Fact]
    public void Quantize_ImportanceOfAnotherModel_IsRefused()
    {
        using var source = Model(new());
        WriteImportance("i.gguf", "blk.0.attn_q.weight", new float[32], [1f]);

        var error = Assert.Throws<GgufException>(() => ModelQuantizer.Quantize(
            source, folder.File("q.gguf"), Options(QuantizationMix.Q4_0) with { Importance = ImportanceMatrix.Read(folder.File("i.gguf")) }));

        Assert.Contains("has 32 columns for the tensor blk.0.attn_q.weight, which has 64", error.Message);
    }

    [Fact]
    public void ReadImportance_OtherFilesAndBadFigures_AreRefused()
    {
        SmallModelFile.Write(folder.File("model.gguf"));
        WriteImportance("nan.gguf", "a.weight", [1f, float.NaN], [1f]);

        Assert.Contains("this is no importance matrix", Assert.Throws<GgufException>(() => ImportanceMatrix.Read(folder.File("model.gguf"))).Message);
        Assert.Contains("a.weight.in_sum2 has a figure that is negative or not finite", Assert.Throws<GgufException>(() => ImportanceMatrix.Read(folder.File("nan.gguf"))).Message);
    }

    private void Write(string file, string name, long[] shape, float[] values) =>
        WriteAll(file, SmallModelFile.Metadata, [(name, shape, values)]);

    private void WriteImportance(string file, string name, float[] sums, float[] counts) =>
        WriteAll(file, [new("general.type", "imatrix")], [(name + ".in_sum2", [sums.Length, 1], sums), (name + ".counts", [1, counts.Length], counts)]);

    private void WriteAll(string file, IEnumerable<KeyValuePair<string, GgufValue>> metadata, (string Name, long[] Shape, float[] Values)[] tensors)
    {
        using var writer = GgufWriter.Create(folder.File(file), metadata, [.. tensors.Select(tensor => new GgufTensorLayout(tensor.Name, TensorType.F32, tensor.Shape))]);
        foreach (var tensor in tensors)
            writer.Append(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        writer.Complete();
    }

    private static QuantizationOptions Options(QuantizationMix mix) => new() { Mix = mix, AllowRequantize = true };

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
