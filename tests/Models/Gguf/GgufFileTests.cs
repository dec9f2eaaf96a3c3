using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Tests.Support;

namespace Penstock.Models.Tests.Gguf;

public sealed class GgufFileTests
{
    [Fact]
    public void Open_Pebble_ReadsMetadataTensorsAndDescription()
    {
        using var file = GgufFile.Open(TestData.Path("..", "pebble", "pebble-f16.gguf"));
        var description = ModelDescription.From(file);

        Assert.Equal(39, file.Tensors.Count);
        Assert.Equal("gpt2", file.Metadata.String("tokenizer.ggml.model"));
        Assert.Equal(2048, file.Metadata.Strings("tokenizer.ggml.tokens").Length);
        Assert.Equal([256L, 2048L], file.Find("token_embd.weight")!.Shape);
        Assert.Equal(4, description.LayerCount);
        Assert.Equal(32, description.HeadWidth);
        Assert.Equal(2 * 4 * 4 * 64, description.BytesPerTokenF16);
    }

    [Fact]
    public void Open_NoSuchFile_SaysSo()
    {
        var error = Assert.Throws<GgufException>(() => GgufFile.Open("nowhere.gguf"));

        Assert.Equal("nowhere.gguf: there is no such file. Check the path.", error.Message);
    }
}
