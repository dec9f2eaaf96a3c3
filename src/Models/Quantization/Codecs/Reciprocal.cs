namespace Penstock.Models.Quantization.Codecs;

/// <summary>What to multiply by instead of dividing by a scale.</summary>
internal static class Reciprocal
{
    /// <summary>1 / <paramref name="scale"/>; 0 where that is no number: values that small are stored as zeros.</summary>
    public static float Of(float scale)
    {
        var inverse = 1 / scale;
        return float.IsFinite(inverse) ? inverse : 0;
    }
}
