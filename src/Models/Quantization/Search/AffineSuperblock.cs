using Penstock.Models.Quantization.Codecs;

namespace Penstock.Models.Quantization.Search;

/// <summary>Finds the numbers of a superblock with scales and minima (Q2_K, Q4_K, Q5_K).</summary>
/// <remarks>
/// Each group is fitted alone; then units for the scales and minima are chosen; then, in turns, each group takes the best of the
/// integers around its own and the units are refitted to all levels by least squares. The best of all turns is kept.
/// </remarks>
internal static class AffineSuperblock<TFormat>
    where TFormat : struct, ISuperblockFormat
{
    private const int Turns = 2;

    private static int Groups => BlockParts.Size / TFormat.GroupSize;

    public static void Fit(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, ref BlockParts best)
    {
        Span<float> scales = stackalloc float[Groups];
        Span<float> minima = stackalloc float[Groups];
        Span<float> groupWeights = stackalloc float[Groups];
        for (var group = 0; group < Groups; group++)
        {
            (scales[group], var minimum) = AffineSearch.Fit(Of(values, group), Of(weights, group), TFormat.TopLevel, negative: true);
            minima[group] = -minimum;
            foreach (var weight in Of(weights, group))
                groupWeights[group] += weight;
        }

        var parts = new BlockParts
        {
            Scale = StoredScale.Of(LevelUnit.Fit(scales, groupWeights, 0, TFormat.GroupRange.Highest)),
            Minimum = StoredScale.Of(LevelUnit.Fit(minima, groupWeights, 0, TFormat.GroupRange.Highest)),
        };
        for (var group = 0; group < Groups; group++)
        {
            parts.Scales[group] = Nearest(scales[group], (float)parts.Scale);
            parts.Minima[group] = Nearest(minima[group], (float)parts.Minimum);
        }

        var least = float.PositiveInfinity;
        for (var turn = 0; turn <= Turns; turn++)
        {
            var error = 0f;
            for (var group = 0; group < Groups; group++)
                error += Settle(Of(values, group), Of(weights, group), group, ref parts);
            if (!(error < least))
                break;
            least = error;
            best = parts;
            (parts.Scale, parts.Minimum) = Refit(values, weights, in parts);
        }

        AssignLevels(values, ref best);
    }

    /// <summary>Moves a group's scale and minimum to the best of the neighbouring integers.</summary>
    private static float Settle(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int group, ref BlockParts parts)
    {
        var (unit, minimumUnit) = ((float)parts.Scale, (float)parts.Minimum);
        var (scale, minimum) = (parts.Scales[group], parts.Minima[group]);
        var least = float.PositiveInfinity;
        for (var s = Math.Max(0, scale - 1); s <= Math.Min(TFormat.GroupRange.Highest, scale + 1); s++)
        {
            for (var m = Math.Max(0, minimum - 1); m <= Math.Min(TFormat.GroupRange.Highest, minimum + 1); m++)
            {
                var error = WeightedSums.Error(values, weights, unit * s, -(minimumUnit * m), 0, TFormat.TopLevel);
                if (error < least)
                {
                    least = error;
                    (parts.Scales[group], parts.Minima[group]) = ((sbyte)s, (sbyte)m);
                }
            }
        }

        return least;
    }

    /// <summary>The units that suit the present levels best: x ≈ Scale·(s·l) + Minimum·(-m), two unknowns.</summary>
    private static (Half Scale, Half Minimum) Refit(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, in BlockParts parts)
    {
        double aa = 0, ab = 0, bb = 0, ax = 0, bx = 0;
        for (var group = 0; group < Groups; group++)
        {
            var x = Of(values, group);
            var w = Of(weights, group);
            double s = parts.Scales[group], m = -parts.Minima[group];
            var start = (float)parts.Minimum * (float)m;
            var sums = WeightedSums.Of(x, w, Reciprocal.Of((float)parts.Scale * (float)s), start, 0, TFormat.TopLevel);
            double weight = 0, weighted = 0;
            for (var i = 0; i < x.Length; i++)
            {
                weight += w[i];
                weighted += w[i] * x[i];
            }

            aa += s * s * sums.LevelLevel;
            ab += s * m * sums.Level;
            bb += m * m * weight;
            ax += s * sums.ValueLevel;
            bx += m * weighted;
        }

        var determinant = (aa * bb) - (ab * ab);
        if (determinant > 1e-9 * aa * bb)
            return (StoredScale.Of((float)(((ax * bb) - (bx * ab)) / determinant)), StoredScale.Of((float)(((bx * aa) - (ax * ab)) / determinant)));
        return aa > 0 && bb == 0 ? (StoredScale.Of((float)(ax / aa)), parts.Minimum) : (parts.Scale, parts.Minimum);
    }

    private static void AssignLevels(ReadOnlySpan<float> values, ref BlockParts parts)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var group = i / TFormat.GroupSize;
            var inverse = Reciprocal.Of((float)parts.Scale * parts.Scales[group]);
            var level = MathF.Round((values[i] + ((float)parts.Minimum * parts.Minima[group])) * inverse);
            parts.Levels[i] = (byte)Math.Clamp(level, 0, TFormat.TopLevel);
        }
    }

    private static sbyte Nearest(float value, float unit) =>
        (sbyte)Math.Clamp(MathF.Round(value * Reciprocal.Of(unit)), 0, TFormat.GroupRange.Highest);

    private static ReadOnlySpan<float> Of(ReadOnlySpan<float> values, int group) => values.Slice(group * TFormat.GroupSize, TFormat.GroupSize);
}
