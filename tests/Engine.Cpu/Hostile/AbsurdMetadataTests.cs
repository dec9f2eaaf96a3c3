using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Hostile;

/// <summary>Every key of every architecture with values that no converter writes: refused by the key's or a tensor's name, or of no harm.</summary>
public sealed class AbsurdMetadataTests
{
    private static readonly GgufValue[] Numbers =
    [
        0u, 1u, 3u, 4096u, 65_537u, 1u << 20, 1u << 31, uint.MaxValue, -1, int.MinValue, GgufValue.From(ulong.MaxValue), GgufValue.From(1UL << 40), GgufValue.From(long.MinValue),
        0f, -1f, 1e-38f, 3e38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, GgufValue.From(double.MaxValue), true, "absurd", Array.Empty<string>(), Array.Empty<int>(),
        new[] { -1 }, new[] { float.NaN },
    ];

    // Keys that a tiny model does not have and the reader looks for.
    private static readonly string[] Optional =
    [
        "attention.sliding_window", "attention.sliding_window_pattern", "attention.scale", "attn_logit_softcapping", "final_logit_softcapping", "embedding_scale", "residual_scale", "logit_scale",
        "rope.scaling.type", "rope.scaling.factor", "rope.scaling.original_context_length", "rope.scaling.attn_factor", "rope.scaling.yarn_ext_factor", "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow",
        "rope.scaling.finetuned", "rope.scale_linear", "rope.freq_base_swa", "pooling_type", "expert_count", "expert_used_count", "expert_feed_forward_length",
    ];

    public static TheoryData<string> Architectures => [.. RandomModelOptions.Architectures];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Load_AbsurdValue_IsRefusedByNameOrHarmless(string architecture)
    {
        using var model = new AlteredModel(AlteredModel.Tiny(architecture));
        var keys = model.Metadata.Select(pair => pair.Key).Where(key => key.StartsWith(architecture + ".", StringComparison.Ordinal))
            .Union(Optional.Select(name => $"{architecture}.{name}"));
        var refused = 0;
        foreach (var key in keys)
        {
            foreach (var value in Numbers)
            {
                model.Write(key, value);
                if (Why(model, $"{key} = {value}") is { } message)
                {
                    refused++;
                    Assert.True(
                        message.Contains(key, StringComparison.Ordinal) || model.Tensors.Any(tensor => message.Contains(tensor.Name, StringComparison.Ordinal)) || IsNamed(message, architecture),
                        $"{key} = {value}: {message}");
                }
            }
        }

        Assert.True(refused > 100, $"{refused}");
    }

    [Theory]
    [InlineData("block_count", 0u)]
    [InlineData("block_count", 1u << 31)]
    [InlineData("block_count", 2u)]
    [InlineData("attention.head_count", 0u)]
    [InlineData("attention.head_count", 1u << 31)]
    [InlineData("attention.head_count_kv", 0u)]
    [InlineData("attention.head_count_kv", 3u)]
    [InlineData("embedding_length", 0u)]
    [InlineData("feed_forward_length", 0u)]
    [InlineData("context_length", 0u)]
    [InlineData("rope.dimension_count", 5u)]
    [InlineData("rope.dimension_count", 64u)]
    [InlineData("rope.freq_base", 0f)]
    [InlineData("rope.freq_base", float.NaN)]
    [InlineData("rope.freq_base", -10_000f)]
    [InlineData("attention.layer_norm_rms_epsilon", 0f)]
    [InlineData("attention.layer_norm_rms_epsilon", float.NaN)]
    [InlineData("attention.sliding_window", -1)]
    public void Load_NonsenseOnEveryArchitecture_IsRefused(string name, object value)
    {
        foreach (var architecture in RandomModelOptions.Architectures)
        {
            using var model = new AlteredModel(AlteredModel.Tiny(architecture));
            model.Write($"{architecture}.{name}", GgufValue.From(value));
            Assert.True(model.Serve() is not null, $"{architecture}.{name} = {value}");
        }
    }

    [Fact]
    public void Load_HeadsWhoseProductOverflows_IsRefused()
    {
        // 65,537 heads of 65,536 are 65,536 in 32 bits: a matrix of that height would fit, and every later index would not.
        using var model = new AlteredModel(AlteredModel.Tiny());
        var wide = model.Metadata.ToDictionary();
        foreach (var (key, value) in ((string, uint)[])[("llama.attention.head_count", 65_537), ("llama.attention.head_count_kv", 1), ("llama.attention.key_length", 65_536), ("llama.attention.value_length", 65_536)])
            wide[key] = value;
        model.Write(wide, layout => layout.Name switch
        {
            "blk.0.attn_q.weight" or "blk.0.attn_k.weight" or "blk.0.attn_v.weight" => layout with { Shape = [32, 65_536] },
            "blk.0.attn_output.weight" => layout with { Shape = [65_536, 32] },
            _ => layout,
        });

        Assert.Contains("llama.attention.key_length", model.Serve()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.ggml.bos_token_id")]
    [InlineData("tokenizer.ggml.eos_token_id")]
    [InlineData("tokenizer.ggml.token_type")]
    [InlineData("tokenizer.ggml.merges")]
    [InlineData("tokenizer.ggml.model")]
    [InlineData("tokenizer.ggml.pre")]
    public void Load_AbsurdVocabulary_IsRefusedByNameOrHarmless(string key)
    {
        using var model = new AlteredModel(AlteredModel.Tiny());
        foreach (var value in Numbers)
        {
            model.Write(key, value);
            var message = Why(model, $"{key} = {value}");
            Assert.True(message is null || message.Contains("tokenizer", StringComparison.Ordinal), $"{key} = {value}: {message}");
        }
    }

    [Fact]
    public void Load_VocabularyOfAnotherSize_NamesTheMatrix()
    {
        foreach (var architecture in RandomModelOptions.Architectures)
        {
            using var model = new AlteredModel(AlteredModel.Tiny(architecture));
            var tokens = (string[])model.Metadata.Single(pair => pair.Key == "tokenizer.ggml.tokens").Value.Content;
            var wide = model.Metadata.ToDictionary();
            wide["tokenizer.ggml.tokens"] = (string[])[.. tokens, "one more"];
            model.Write(wide, layout => layout);
            Assert.True(model.Serve() is { } message && (message.Contains("token_embd.weight", StringComparison.Ordinal) || message.Contains("tokenizer.ggml", StringComparison.Ordinal)), architecture);
        }
    }

    private static string? Why(AlteredModel model, string what)
    {
        try
        {
            return model.Serve();
        }
        catch (Exception error) when (error is not Xunit.Sdk.IAssertionException)
        {
            throw new InvalidOperationException(what, error);
        }
    }

    // A layer too many, heads of other widths: said of the tensor that is missing or the key that follows from it.
    private static bool IsNamed(string message, string architecture) =>
        message.Contains("blk.", StringComparison.Ordinal) || message.Contains($"{architecture}.", StringComparison.Ordinal) || message.Contains("heads", StringComparison.Ordinal)
        || message.Contains("KV memory", StringComparison.Ordinal) || message.Contains("context", StringComparison.Ordinal) || message.Contains(".weight", StringComparison.Ordinal);
}
