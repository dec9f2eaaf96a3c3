namespace Penstock.Models.Quantization.Mixes;

/// <summary>Which tensors a quantized file stores in a smaller type.</summary>
internal static class QuantizableTensors
{
    /// <summary>Parts of names of matrices that stay as they are: small, and the model is sensitive to them.</summary>
    private static readonly string[] Kept =
    [
        "norm", "ffn_gate_inp", "ffn_gate_tid2eid", "altup", "laurel", "per_layer_model_proj", "ssm_conv1d", "shortconv.conv", "indexer.", "time_mix_", "attn_rel_b",
        "position_embd", "token_types", "patch_embd", "rel_pos", "rope_",
    ];

    public static bool Contains(string name, IReadOnlyList<long> shape) =>
        name.EndsWith("weight", StringComparison.Ordinal)
        && shape.Skip(1).Any(dimension => dimension > 1)
        && !Array.Exists(Kept, part => name.Contains(part, StringComparison.Ordinal));
}
