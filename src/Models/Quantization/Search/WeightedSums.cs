using System.Runtime.Intrinsics;

namespace Penstock.Models.Quantization.Search;

/// <summary>
/// Sums over a group of values and the levels that they round to, from which least squares give scale, minimum and error.
/// The order of addition is fixed (eight lanes, then a tree), so files come out the same on every machine.
/// </summary>
/// <param name="Level">Σ w·l</param>
/// <param name="LevelLevel">Σ w·l²</param>
/// <param name="ValueLevel">Σ w·x·l</param>
internal readonly record struct WeightedSums(float Level, float LevelLevel, float ValueLevel)
{
    /// <summary>Values that are taken at a time; groups are multiples of it.</summary>
    public const int Lanes = 8;

    /// <summary>The sums when value <c>x</c> has the level <c>round((x - start) * inverse)</c>, kept within the bounds.</summary>
    public static WeightedSums Of(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float inverse, float start, float lowest, float highest)
    {
        Vector256<float> level = default, levelLevel = default, valueLevel = default;
        for (var i = 0; i < values.Length; i += Lanes)
        {
            var x = Vector256.Create(values[i..]);
            var w = Vector256.Create(weights[i..]);
            var l = Rounded(x, inverse, start, lowest, highest);
            var weighted = w * l;
            level += weighted;
            levelLevel += weighted * l;
            valueLevel += weighted * x;
        }

        return new(Sum(level), Sum(levelLevel), Sum(valueLevel));
    }

    /// <summary>Σ w·(x - (scale·level + start))² with the nearest levels.</summary>
    public static float Error(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float scale, float start, float lowest, float highest)
    {
        var inverse = Codecs.Reciprocal.Of(scale);
        Vector256<float> error = default;
        for (var i = 0; i < values.Length; i += Lanes)
        {
            var x = Vector256.Create(values[i..]);
            var off = x - ((Rounded(x, inverse, start, lowest, highest) * scale) + Vector256.Create(start));
            error += Vector256.Create(weights[i..]) * off * off;
        }

        return Sum(error);
    }

    public static Vector256<float> Rounded(Vector256<float> x, float inverse, float start, float lowest, float highest) =>
        Vector256.Min(Vector256.Max(Vector256.Round((x - Vector256.Create(start)) * inverse), Vector256.Create(lowest)), Vector256.Create(highest));

    public static float Sum(Vector256<float> lanes)
    {
        var half = lanes.GetLower() + lanes.GetUpper();
        return half[0] + half[2] + (half[1] + half[3]);
    }
}
