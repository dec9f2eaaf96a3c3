namespace Penstock.Models.Quantization.Codecs;

/// <summary>ggml's first types: 32 values with one F16 scale, and for some one F16 minimum.</summary>
internal interface ILegacyFormat
{
    /// <summary>4 or 5.</summary>
    static abstract int Bits { get; }

    /// <summary>With a minimum, value = scale * level + minimum; without, value = scale * (level - half of the levels).</summary>
    static abstract bool HasMinimum { get; }
}
