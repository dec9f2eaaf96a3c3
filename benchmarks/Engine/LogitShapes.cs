namespace Penstock.Benchmarks.Engine;

/// <summary>Made-up logits: how many tokens a filter leaves, and so what it costs, depends on their shape.</summary>
internal static class LogitShapes
{
    /// <summary>Independent Gaussians of deviation 3: flat, hundreds of tokens are likely.</summary>
    public static float[] Flat(int vocabularySize)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, vocabularySize).Select(_ => Gaussian(random) * 3f)];
    }

    /// <summary>A trained model's shape: the probability of the token of rank r, in random order, falls with r^-1.5, with noise of deviation 0.5.</summary>
    public static float[] Peaked(int vocabularySize)
    {
        var random = new Random(1);
        var ranks = Enumerable.Range(1, vocabularySize).ToArray();
        random.Shuffle(ranks);
        return [.. ranks.Select(rank => (-1.5f * MathF.Log(rank)) + (Gaussian(random) * 0.5f))];
    }

    private static float Gaussian(Random random) =>
        MathF.Sqrt(-2f * MathF.Log(1f - random.NextSingle())) * MathF.Cos(2f * MathF.PI * random.NextSingle());
}
