namespace Penstock.Tools.Oracle.Quantization;

/// <summary>Kullback-Leibler divergence between the distributions of two models.</summary>
internal static class Divergence
{
    /// <summary>Mean over the positions, in nats: what coding with <paramref name="other"/> costs where <paramref name="reference"/> is true.</summary>
    public static double Mean(IReadOnlyList<float[]> reference, IReadOnlyList<float[]> other) =>
        reference.Zip(other, (one, two) => Of(one, two)).Average();

    private static double Of(float[] reference, float[] other)
    {
        var (one, two) = (LogSum(reference), LogSum(other));
        var sum = 0.0;
        for (var i = 0; i < reference.Length; i++)
        {
            var log = reference[i] - one;
            sum += Math.Exp(log) * (log - (other[i] - two));
        }

        return sum;
    }

    private static double LogSum(float[] logits)
    {
        double largest = logits.Max();
        return largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
    }
}
