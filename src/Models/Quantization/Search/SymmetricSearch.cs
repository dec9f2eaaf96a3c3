namespace Penstock.Models.Quantization.Search;

/// <summary>Finds the scale of a group whose values are read as <c>scale * level</c>, level in <c>-half..half - 1</c>.</summary>
/// <remarks>
/// For given levels the scale that minimises the weighted squared error is <c>Σwxl / Σwl²</c>, and the error then is
/// <c>Σwx² - (Σwxl)² / Σwl²</c>. So a grid of scales near the one that fits the extreme is rounded and refitted, the one with the largest
/// second term wins, and rounding and refitting go on from there until they stand still (Lloyd 1982, with levels in a straight line).
/// </remarks>
internal static class SymmetricSearch
{
    /// <summary>Smaller groups are zeros in any type: their scale is far below the smallest half.</summary>
    public const float Negligible = 1e-12f;

    private const int Steps = 9;
    private const float StepWidth = 0.1f;
    private const int Refinements = 4;

    /// <returns>The scale, of either sign: level <c>-half</c> has no counterpart above, so the sign matters. 0 for a group of zeros.</returns>
    public static float Fit(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int half)
    {
        var extreme = Extreme(values);
        if (Math.Abs(extreme) < Negligible)
            return 0;

        var (best, scale) = (0f, 0f);
        for (var step = -Steps; step <= Steps; step++)
        {
            Try(-(half + (StepWidth * step)) / extreme, values, weights);
            // With few levels the side with one less may suit the group better.
            if (half <= 8)
                Try((half - 1 + (StepWidth * step)) / extreme, values, weights);
        }

        for (var round = 0; round < Refinements && scale != 0; round++)
        {
            if (!Try(1 / scale, values, weights))
                break;
        }

        return scale;

        bool Try(float inverse, ReadOnlySpan<float> x, ReadOnlySpan<float> w)
        {
            var sums = WeightedSums.Of(x, w, inverse, 0, -half, half - 1);
            if (!(sums.LevelLevel > 0))
                return false;
            var fitted = sums.ValueLevel / sums.LevelLevel;
            var gain = fitted * sums.ValueLevel;
            if (!(gain > best))
                return false;
            (best, scale) = (gain, fitted);
            return true;
        }
    }

    /// <summary>The value of largest magnitude.</summary>
    public static float Extreme(ReadOnlySpan<float> values)
    {
        var extreme = 0f;
        foreach (var value in values)
        {
            if (Math.Abs(value) > Math.Abs(extreme))
                extreme = value;
        }

        return extreme;
    }
}
