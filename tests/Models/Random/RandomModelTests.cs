using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;

namespace Penstock.Models.Tests.Random;

public sealed class RandomModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1_000_000, 0.25)]
    [InlineData(10_000_000, 0.1)]
    [InlineData(50_000_000, 0.1)]
    [InlineData(250_000_000, 0.03)]
    [InlineData(1_000_000_000, 0.03)]
    [InlineData(7_000_000_000, 0.03)]
    [InlineData(70_000_000_000, 0.03)]
    public void OfSize_Parameters_GivesAboutAsMany(long parameters, double tolerance) =>
        Assert.InRange(RandomModelOptions.OfSize(parameters).ParameterCount / (double)parameters, 1 - tolerance, 1 + tolerance);

    [Fact]
    public void OfSize_250M_IsTheShapeOfTheBenchmarks()
    {
        var options = RandomModelOptions.OfSize(250_000_000);

        Assert.Equal((16, 1024, 2816, 16, 8, 32_000), (options.LayerCount, options.EmbeddingWidth, options.FeedForwardWidth, options.HeadCount, options.KvHeadCount, options.VocabularySize));
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    public void Write_AnyType_DescribesItself(TensorType type)
    {
        var options = new RandomModelOptions { Type = type, RopeScaling = RopeScaling.Yarn, RopeFactors = true };
        RandomModel.Write(folder.File("m.gguf"), options);

        using var file = GgufFile.Open(folder.File("m.gguf"));
        var model = ModelDescription.From(file);
        Assert.Equal(options.ParameterCount, model.ParameterCount);
        Assert.Equal((2, 64, 4, 2, 16, 160, 512), (model.LayerCount, model.EmbeddingWidth, model.HeadCount, model.KvHeadCount, model.HeadWidth, model.FeedForwardWidth, model.VocabularySize));
        Assert.Equal((RopeScaling.Yarn, 4f, 512, "rope_freqs.weight"), (model.Rope.Scaling, model.Rope.Factor, model.Rope.OriginalContextLength, model.Rope.FactorsTensor));
        Assert.Equal(type, file.Find("blk.1.ffn_down.weight")!.Type);
        Assert.Equal(TensorType.F32, file.Find("output_norm.weight")!.Type);
    }

    public static TheoryData<string> Architectures => [.. RandomModelOptions.Architectures];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Write_AnyArchitecture_DescribesItself(string architecture)
    {
        var options = RandomModelOptions.OfSize(1_500_000, architecture) with { Type = TensorType.Q8_0 };
        RandomModel.Write(folder.File("m.gguf"), options);

        using var file = GgufFile.Open(folder.File("m.gguf"));
        var model = ModelDescription.From(file);
        Assert.Equal((architecture, options.ParameterCount, options.LayerCount), (model.Architecture, model.ParameterCount, model.LayerCount));
    }

    [Fact]
    public void Write_UnknownArchitecture_NamesTheKnown() =>
        Assert.Contains("qwen3", Assert.Throws<ArgumentException>(() => RandomModel.Write(folder.File("m.gguf"), new() { Architecture = "gpt5" })).Message);

    [Fact]
    public void Write_SameSeed_SameBytes_OtherSeed_Others()
    {
        RandomModel.Write(folder.File("a.gguf"), new());
        RandomModel.Write(folder.File("b.gguf"), new());
        RandomModel.Write(folder.File("c.gguf"), new() { Seed = 2 });

        Assert.Equal(File.ReadAllBytes(folder.File("a.gguf")), File.ReadAllBytes(folder.File("b.gguf")));
        Assert.NotEqual(File.ReadAllBytes(folder.File("a.gguf")), File.ReadAllBytes(folder.File("c.gguf")));
    }

    [Fact]
    public void Write_OddWidths_FallsBackToF16WhereBlocksDoNotFit()
    {
        RandomModel.Write(folder.File("m.gguf"), new() { Type = TensorType.Q8_0, EmbeddingWidth = 96, HeadCount = 3, KvHeadCount = 1, HeadWidth = 10, FeedForwardWidth = 100 });

        using var file = GgufFile.Open(folder.File("m.gguf"));
        Assert.Equal(TensorType.Q8_0, file.Find("blk.0.attn_q.weight")!.Type);
        Assert.Equal(TensorType.F16, file.Find("blk.0.attn_output.weight")!.Type);
        Assert.Equal(TensorType.F16, file.Find("blk.0.ffn_down.weight")!.Type);
    }

    [Fact]
    public void Write_TiedOutput_LeavesItOut()
    {
        RandomModel.Write(folder.File("m.gguf"), new() { TiedOutput = true });

        using var file = GgufFile.Open(folder.File("m.gguf"));
        Assert.Null(file.Find("output.weight"));
    }

    [Fact]
    public void Write_Vocabulary_EveryMergeMakesAToken()
    {
        RandomModel.Write(folder.File("m.gguf"), new() { VocabularySize = 5_000 });

        using var file = GgufFile.Open(folder.File("m.gguf"));
        var tokens = file.Metadata.Strings("tokenizer.ggml.tokens").ToHashSet(StringComparer.Ordinal);
        Assert.Equal(5_000, tokens.Count);
        Assert.All(file.Metadata.Strings("tokenizer.ggml.merges"), merge =>
        {
            var parts = merge.Split(' ');
            Assert.Contains(parts[0], tokens);
            Assert.Contains(parts[1], tokens);
            Assert.Contains(parts[0] + parts[1], tokens);
        });
    }

    [Fact]
    public void Write_Matrix_HasTheDeviationOfItsFanIn()
    {
        RandomModel.Write(folder.File("m.gguf"), new() { EmbeddingWidth = 256 });

        using var file = GgufFile.Open(folder.File("m.gguf"));
        var tensor = file.Find("blk.0.ffn_up.weight")!;
        var bytes = new byte[tensor.ByteLength];
        file.Read(tensor, 0, bytes);
        var values = new float[tensor.ElementCount];
        TensorCodec.Dequantize(tensor.Type, bytes, values);
        Assert.InRange(values.Average(), -1e-3, 1e-3);
        Assert.InRange(Math.Sqrt(values.Average(value => (double)value * value)) * 16, 0.98, 1.02);
    }

    [Fact]
    public void Write_Cancelled_LeavesNothing()
    {
        Assert.ThrowsAny<OperationCanceledException>(() => RandomModel.Write(folder.File("m.gguf"), new(), cancellationToken: new CancellationToken(canceled: true)));

        Assert.Empty(folder.Names());
    }
}
