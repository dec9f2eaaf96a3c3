namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>Measures over rows of logits.</summary>
internal static class LogitMath
{
    /// <summary>Root mean square of the difference, relative to the spread of the reference around its mean: a constant added to all logits changes nothing that is sampled.</summary>
    public static double RelativeError(float[] reference, float[] other)
    {
        var (mean, otherMean) = (reference.Average(logit => (double)logit), other.Average(logit => (double)logit));
        var error = reference.Zip(other, (one, two) => Math.Pow(two - otherMean - (one - mean), 2)).Sum();
        return Math.Sqrt(error / reference.Sum(logit => Math.Pow(logit - mean, 2)));
    }

    /// <summary>Standard deviation.</summary>
    public static double Spread(float[] logits)
    {
        var mean = logits.Average(logit => (double)logit);
        return Math.Sqrt(logits.Average(logit => Math.Pow(logit - mean, 2)));
    }

    /// <summary>Mean negative log-likelihood of each token given those before it; perplexity is its exponential.</summary>
    public static double MeanNegativeLogLikelihood(float[][] rows, int[] tokens)
    {
        var sum = 0.0;
        for (var i = 0; i + 1 < tokens.Length; i++)
        {
            var largest = rows[i].Max();
            sum += largest + Math.Log(rows[i].Sum(logit => Math.Exp(logit - largest))) - rows[i][tokens[i + 1]];
        }

        return sum / (tokens.Length - 1);
    }

    public static int ArgMax(float[] logits) => Array.IndexOf(logits, logits.Max());
}
