using System.Globalization;

namespace Penstock.Models.Quantization.Mixes;

/// <summary>What a matrix does in the model, as far as a mix cares.</summary>
internal enum TensorRole
{
    Other,
    Output,
    Embedding,
    AttentionValue,
    AttentionKey,
    AttentionQueryKeyValue,
    AttentionOutput,
    FeedForwardDown,
}

/// <summary>Reads roles from names, which GGUF fixes for all architectures.</summary>
internal static class TensorRoles
{
    public static TensorRole Of(string name) => name switch
    {
        "output.weight" => TensorRole.Output,
        "token_embd.weight" or "per_layer_token_embd.weight" => TensorRole.Embedding,
        _ when name.Contains("attn_qkv.weight", StringComparison.Ordinal) => TensorRole.AttentionQueryKeyValue,
        _ when name.Contains("attn_v.weight", StringComparison.Ordinal) || name.Contains("attn_kv_b.weight", StringComparison.Ordinal) => TensorRole.AttentionValue,
        _ when name.Contains("attn_k.weight", StringComparison.Ordinal) => TensorRole.AttentionKey,
        _ when name.Contains("attn_output.weight", StringComparison.Ordinal) => TensorRole.AttentionOutput,
        _ when name.Contains("ffn_down", StringComparison.Ordinal) => TensorRole.FeedForwardDown,
        _ => TensorRole.Other,
    };

    /// <summary>The number in <c>blk.7.</c>; -1 for tensors outside the layers.</summary>
    public static int Layer(string name)
    {
        const string prefix = "blk.";
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            return -1;
        var end = name.IndexOf('.', prefix.Length);
        return end > 0 && int.TryParse(name.AsSpan(prefix.Length, end - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : -1;
    }
}
