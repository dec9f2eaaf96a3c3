namespace Penstock.Models.Quantization.Search;

/// <summary>Finds the unit in which the scales (or minima) of a superblock's groups are stored: <c>scale ≈ unit * integer</c>.</summary>
internal static class LevelUnit
{
    private const int Steps = 6;
    private const float StepWidth = 0.15f;

    /// <param name="scales">One a group.</param>
    /// <param name="weights">What an error in each counts.</param>
    /// <param name="lowest">The lowest integer: 0, or minus one more than <paramref name="highest"/>.</param>
    /// <param name="highest">The highest.</param>
    public static float Fit(ReadOnlySpan<float> scales, ReadOnlySpan<float> weights, int lowest, int highest)
    {
        var extreme = SymmetricSearch.Extreme(scales);
        if (Math.Abs(extreme) < SymmetricSearch.Negligible)
            return 0;

        var (best, unit) = (0f, 0f);
        for (var step = -Steps; step <= Steps; step++)
        {
            var inverse = (lowest < 0 ? lowest - (StepWidth * step) : highest + (StepWidth * step)) / extreme;
            var sums = WeightedSums.Of(scales, weights, inverse, 0, lowest, highest);
            var fitted = sums.ValueLevel / sums.LevelLevel;
            if (fitted * sums.ValueLevel > best)
                (best, unit) = (fitted * sums.ValueLevel, fitted);
        }

        return unit;
    }
}
