namespace Penstock.Models.Quantization.Codecs;

/// <summary>A scale as blocks store it.</summary>
internal static class StoredScale
{
    /// <summary>The nearest half, but not 0 for a scale that is not: the smallest half still carries the larger values of a tiny block.</summary>
    public static Half Of(float scale)
    {
        var rounded = (Half)scale;
        return rounded == Half.Zero && scale != 0 ? (Half)MathF.CopySign((float)Half.Epsilon, scale) : rounded;
    }
}
