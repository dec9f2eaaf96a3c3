using Penstock.Models.Quantization.Codecs;

namespace Penstock.Models.Quantization.Search;

/// <summary>Finds the numbers of a superblock without minima (Q3_K, Q6_K), in the same turns as <see cref="AffineSuperblock{TFormat}"/>.</summary>
internal static class SymmetricSuperblock<TFormat>
    where TFormat : struct, ISuperblockFormat
{
    private const int Turns = 2;

    private static int Groups => BlockParts.Size / TFormat.GroupSize;

    private static int Lowest => -TFormat.Offset;

    private static int Highest => TFormat.TopLevel - TFormat.Offset;

    public static void Fit(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, ref BlockParts best)
    {
        Span<float> scales = stackalloc float[Groups];
        Span<float> groupWeights = stackalloc float[Groups];
        for (var group = 0; group < Groups; group++)
        {
            scales[group] = SymmetricSearch.Fit(Of(values, group), Of(weights, group), TFormat.Offset);
            foreach (var weight in Of(weights, group))
                groupWeights[group] += weight;
        }

        var parts = new BlockParts { Scale = StoredScale.Of(LevelUnit.Fit(scales, groupWeights, TFormat.GroupRange.Lowest, TFormat.GroupRange.Highest)) };
        for (var group = 0; group < Groups; group++)
            parts.Scales[group] = (sbyte)Math.Clamp(MathF.Round(scales[group] * Reciprocal.Of((float)parts.Scale)), TFormat.GroupRange.Lowest, TFormat.GroupRange.Highest);

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
            parts.Scale = Refit(values, weights, in parts);
        }

        AssignLevels(values, ref best);
    }

    private static float Settle(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int group, ref BlockParts parts)
    {
        var scale = parts.Scales[group];
        var least = float.PositiveInfinity;
        for (var s = Math.Max(TFormat.GroupRange.Lowest, scale - 1); s <= Math.Min(TFormat.GroupRange.Highest, scale + 1); s++)
        {
            var error = WeightedSums.Error(values, weights, (float)parts.Scale * s, 0, Lowest, Highest);
            if (error < least)
            {
                least = error;
                parts.Scales[group] = (sbyte)s;
            }
        }

        return least;
    }

    private static Half Refit(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, in BlockParts parts)
    {
        double ss = 0, sx = 0;
        for (var group = 0; group < Groups; group++)
        {
            double s = parts.Scales[group];
            var sums = WeightedSums.Of(Of(values, group), Of(weights, group), Reciprocal.Of((float)parts.Scale * (float)s), 0, Lowest, Highest);
            ss += s * s * sums.LevelLevel;
            sx += s * sums.ValueLevel;
        }

        return ss > 0 ? StoredScale.Of((float)(sx / ss)) : parts.Scale;
    }

    private static void AssignLevels(ReadOnlySpan<float> values, ref BlockParts parts)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var inverse = Reciprocal.Of((float)parts.Scale * parts.Scales[i / TFormat.GroupSize]);
            parts.Levels[i] = (byte)(Math.Clamp(MathF.Round(values[i] * inverse), Lowest, Highest) + TFormat.Offset);
        }
    }

    private static ReadOnlySpan<float> Of(ReadOnlySpan<float> values, int group) => values.Slice(group * TFormat.GroupSize, TFormat.GroupSize);
}
