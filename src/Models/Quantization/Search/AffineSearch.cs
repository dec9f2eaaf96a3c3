using System.Runtime.Intrinsics;

namespace Penstock.Models.Quantization.Search;

/// <summary>Finds scale and minimum of a group whose values are read as <c>scale * level + minimum</c>, level in <c>0..top</c>.</summary>
/// <remarks>
/// Weighted linear regression of the values on the levels that they round to, over a grid of scales near the one that spans the
/// group; then rounding and regression take turns until the error stops falling.
/// </remarks>
internal static class AffineSearch
{
    private const int Steps = 10;
    private const float StepWidth = 0.1f;
    private const int Refinements = 4;

    /// <param name="values">A group.</param>
    /// <param name="weights">Of its values; positive.</param>
    /// <param name="top">The highest level.</param>
    /// <param name="negative">Whether the minimum may not be above 0.</param>
    public static (float Scale, float Minimum) Fit(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int top, bool negative)
    {
        var (least, greatest) = (values[0], values[0]);
        foreach (var value in values)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }

        if (negative)
            least = Math.Min(least, 0);
        var range = greatest - least;
        if (range < SymmetricSearch.Negligible)
            return (0, least);

        var moments = Moments.Of(values, weights);
        var best = (Error: (double)WeightedSums.Error(values, weights, range / top, least, 0, top), Scale: range / top, Minimum: least);
        for (var step = -Steps; step <= Steps; step++)
            Try((top + (StepWidth * step)) / range, least, values, weights);
        for (var round = 0; round < Refinements; round++)
        {
            if (!(best.Scale > 0) || !Try(1 / best.Scale, best.Minimum, values, weights))
                break;
        }

        return (best.Scale, best.Minimum);

        bool Try(float inverse, float start, ReadOnlySpan<float> x, ReadOnlySpan<float> w)
        {
            if (!float.IsFinite(inverse))
                return false;
            var candidate = moments.Regress(WeightedSums.Of(x, w, inverse, start, 0, top), negative);
            if (!(candidate.Scale > 0) || !(candidate.Error < best.Error))
                return false;
            best = candidate;
            return true;
        }
    }

    /// <summary>What the error depends on beside the levels. In double precision: the error is a small difference of large sums.</summary>
    private readonly record struct Moments(double Weight, double Value, double ValueValue)
    {
        public static Moments Of(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
        {
            Vector256<float> weight = default, value = default, square = default;
            for (var i = 0; i < values.Length; i += WeightedSums.Lanes)
            {
                var x = Vector256.Create(values[i..]);
                var w = Vector256.Create(weights[i..]);
                weight += w;
                value += w * x;
                square += w * x * x;
            }

            return new(WeightedSums.Sum(weight), WeightedSums.Sum(value), WeightedSums.Sum(square));
        }

        public (double Error, float Scale, float Minimum) Regress(WeightedSums sums, bool negative)
        {
            double l = sums.Level, ll = sums.LevelLevel, xl = sums.ValueLevel;
            var determinant = (Weight * ll) - (l * l);
            if (!(determinant > 0))
                return (double.PositiveInfinity, 0, 0);
            var scale = ((Weight * xl) - (Value * l)) / determinant;
            var minimum = ((ll * Value) - (l * xl)) / determinant;
            if (negative && minimum > 0)
                (scale, minimum) = (xl / ll, 0);
            var error = ValueValue - (2 * ((scale * xl) + (minimum * Value))) + (scale * scale * ll) + (2 * scale * minimum * l) + (minimum * minimum * Weight);
            return (error, (float)scale, (float)minimum);
        }
    }
}
