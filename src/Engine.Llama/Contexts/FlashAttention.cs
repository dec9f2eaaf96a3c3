namespace Penstock.Engine.Llama.Contexts;

/// <summary>Whether attention is computed in one fused operation: <c>llama_flash_attn_type</c>.</summary>
internal enum FlashAttention
{
    /// <summary>Where the library sees fit.</summary>
    Auto = -1,
    Off = 0,
    On = 1,
}
