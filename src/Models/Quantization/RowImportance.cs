namespace Penstock.Models.Quantization;

/// <summary>Turns the mean squares of a matrix's inputs into weights that a search can take.</summary>
internal static class RowImportance
{
    // Columns that the text hardly used still count a little: other texts may use them, and sums must not vanish.
    private const float Floor = 1e-3f;

    /// <summary>The weights relative to their mean, or none where there are no figures.</summary>
    public static float[] Normalize(ReadOnlySpan<float> meanSquares)
    {
        var sum = 0.0;
        foreach (var value in meanSquares)
            sum += value;
        if (!(sum > 0))
            return [];
        var scale = (float)(meanSquares.Length / sum);
        var weights = new float[meanSquares.Length];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Math.Max(Floor, meanSquares[i] * scale);
        return weights;
    }
}
