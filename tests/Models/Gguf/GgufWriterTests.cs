using Penstock.Models.Gguf;

namespace Penstock.Models.Tests.Gguf;

public sealed class GgufWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(32)]
    [InlineData(1)]
    [InlineData(4096)]
    public void Write_EveryType_ReadsBackTheSame(int alignment)
    {
        var metadata = SmallModelFile.Metadata.Append(new("general.alignment", (uint)alignment)).ToArray();
        SmallModelFile.Write(folder.File("m.gguf"), metadata);

        using var file = GgufFile.Open(folder.File("m.gguf"));
        Assert.Equal(metadata.Select(pair => pair.Key), file.Metadata.Select(pair => pair.Key));
        foreach (var (expected, actual) in metadata.Zip(file.Metadata))
        {
            Assert.Equal((expected.Value.Type, expected.Value.ElementType, expected.Value.Count), (actual.Value.Type, actual.Value.ElementType, actual.Value.Count));
            Assert.Equal(expected.Value.Content, actual.Value.Content);
        }

        foreach (var (expected, actual) in SmallModelFile.Tensors.Zip(file.Tensors))
        {
            Assert.Equal((expected.Name, expected.Type, expected.ByteLength), (actual.Name, actual.Type, actual.ByteLength));
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.Equal(0, actual.Offset % alignment);
            var bytes = new byte[actual.ByteLength];
            file.Read(actual, 0, bytes);
            Assert.Equal(SmallModelFile.Bytes(expected), bytes);
        }
    }

    [Fact]
    public void Metadata_TypedGetters_ReadAndRefuse()
    {
        SmallModelFile.Write(folder.File("m.gguf"));
        using var file = GgufFile.Open(folder.File("m.gguf"));
        var metadata = file.Metadata;

        Assert.Equal(255u, metadata.UInt32("test.byte"));
        Assert.Equal(-2, metadata.Int32("test.short"));
        Assert.Equal(["a", "", "é", "<|end|>"], metadata.Strings("tokenizer.ggml.tokens"));
        Assert.Equal([1, 2], metadata.Int32s("test.uints"));
        Assert.Equal([-1, 2], metadata.Int32s("test.sbytes"));
        Assert.Equal(4, metadata.Float32s("tokenizer.ggml.scores").Length);
        Assert.True(metadata.Bool("tokenizer.ggml.add_bos_token"));
        Assert.Equal(10_000f, metadata.Float32("llama.rope.freq_base"));
        Assert.Equal(7u, metadata.UInt32OrDefault("absent", 7));
        Assert.Empty(metadata.StringsOrDefault("absent"));
        Assert.Contains("the metadata key absent is missing", Assert.Throws<GgufException>(() => metadata.String("absent")).Message);
        Assert.Contains("test.sbyte should be a whole number that fits UInt32 and is Int8 -1", Assert.Throws<GgufException>(() => metadata.UInt32("test.sbyte")).Message);
        Assert.Contains("test.bools should be an array of String and is an array of Bool", Assert.Throws<GgufException>(() => metadata.Strings("test.bools")).Message);
    }

    [Fact]
    public void Dispose_BeforeComplete_LeavesTheOldFileAlone()
    {
        var path = folder.File("m.gguf");
        File.WriteAllText(path, "old");
        using (var writer = GgufWriter.Create(path, SmallModelFile.Metadata, SmallModelFile.Tensors))
        {
            writer.Append(new byte[10]);
            Assert.Throws<InvalidOperationException>(writer.Complete);
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["m.gguf"], folder.Names());
    }

    [Fact]
    public void Append_MoreThanTheTensorHolds_IsABug()
    {
        using var writer = GgufWriter.Create(folder.File("m.gguf"), [], [new("t", TensorType.F32, [2])]);
        writer.Append(new byte[4]);

        Assert.Throws<InvalidOperationException>(() => writer.Append(new byte[5]));
    }

    [Fact]
    public void Create_NoSuchFolder_SaysSo() =>
        Assert.Contains("its folder does not exist", Assert.Throws<GgufException>(() => GgufWriter.Create(folder.File("no/m.gguf"), [], [])).Message);
}
