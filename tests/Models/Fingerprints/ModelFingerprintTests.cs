using Penstock.Models.Fingerprints;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;
using Penstock.Models.Tests.Gguf;

namespace Penstock.Models.Tests.Fingerprints;

public sealed class ModelFingerprintTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Compute_TwiceOrReordered_IsTheSame()
    {
        var original = Of();

        Assert.Matches("^sha256:[0-9a-f]{32}$", original);
        Assert.Equal(original, Of());
        Assert.Equal(original, Of(SmallModelFile.Metadata.Reverse()));
        Assert.Equal(original, Of(SmallModelFile.Metadata.Append(new("general.name", "another"))));
        Assert.Equal(original, Of(SmallModelFile.Metadata.Append(new("general.alignment", 4096u))));
    }

    [Fact]
    public void Compute_AnythingThatChangesAnswers_Differs()
    {
        string[] fingerprints =
        [
            Of(),
            Of(fill: 1),
            Of(SmallModelFile.Metadata.Append(new("tokenizer.chat_template", "a"))),
            Of(SmallModelFile.Metadata.Append(new("tokenizer.chat_template", "b"))),
            Of(With("tokenizer.ggml.tokens", new[] { "a", "é", "", "<|end|>" })),
            Of(With("tokenizer.ggml.tokens", new[] { "a", "é<|end|>" })),
            Of(With("tokenizer.ggml.add_bos_token", false)),
            Of(With("llama.rope.freq_base", 500_000f)),
            Of(With("general.architecture", "qwen")),
        ];

        Assert.Equal(fingerprints.Length, fingerprints.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>What keys and values depend on; the vocabulary is not among it.</summary>
    [Fact]
    public void QuickKey_OfOtherRotationsOrWeights_Differs()
    {
        ulong[] keys = [Key(), Key(fill: 1), Key(With("llama.rope.freq_base", 500_000f)), Key(SmallModelFile.Metadata.Append(new("llama.rope.scaling.factor", 2f)))];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], Key(SmallModelFile.Metadata.Reverse()));
        Assert.Equal(keys[0], Key(SmallModelFile.Metadata.Append(new("general.name", "another"))));
        Assert.Equal(keys[0], Key(SmallModelFile.Metadata.Append(new("tokenizer.chat_template", "a"))));
    }

    [Fact]
    public void Compute_EveryQuantization_Differs()
    {
        RandomModel.Write(folder.File("source.gguf"), new() { EmbeddingWidth = 256, FeedForwardWidth = 256 });
        using var source = GgufFile.Open(folder.File("source.gguf"));
        var fingerprints = new List<string>();
        foreach (var mix in QuantizationMixes.All)
        {
            ModelQuantizer.Quantize(source, folder.File($"{mix}.gguf"), new() { Mix = mix });
            using var target = GgufFile.Open(folder.File($"{mix}.gguf"));
            fingerprints.Add(ModelFingerprint.Compute(target));
        }

        Assert.Equal(QuantizationMixes.All.Count, fingerprints.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Compute_Progress_EndsAtOne()
    {
        SmallModelFile.Write(folder.File("m.gguf"));
        using var file = GgufFile.Open(folder.File("m.gguf"));
        var progress = new RecordedProgress();

        ModelFingerprint.Compute(file, progress);

        Assert.Equal(1, progress.Largest);
    }

    private static IEnumerable<KeyValuePair<string, GgufValue>> With(string key, GgufValue value) =>
        SmallModelFile.Metadata.Select(pair => pair.Key == key ? new(key, value) : pair);

    private ulong Key(IEnumerable<KeyValuePair<string, GgufValue>>? metadata = null, byte fill = 0)
    {
        SmallModelFile.Write(folder.File("k.gguf"), metadata, fill);
        using var file = GgufFile.Open(folder.File("k.gguf"));
        return QuickModelKey.Compute(file);
    }

    private string Of(IEnumerable<KeyValuePair<string, GgufValue>>? metadata = null, byte fill = 0)
    {
        SmallModelFile.Write(folder.File("m.gguf"), metadata, fill);
        using var file = GgufFile.Open(folder.File("m.gguf"));
        return ModelFingerprint.Compute(file);
    }
}
