namespace Penstock.Engine.Sampling;

/// <summary>The model's own distribution over the next token: log-softmax of the unmodified logits. Scratch of one thread, for requests that ask for log-probabilities.</summary>
public sealed class Distribution
{
    private readonly float[] logits;
    private readonly float[] weights;
    private readonly double[] blockSums;
    private readonly CandidateSet best;
    private double logSum;

    public Distribution(int vocabularySize)
    {
        logits = new float[vocabularySize];
        weights = new float[(vocabularySize + 7) / 8 * 8];
        blockSums = new double[(vocabularySize + VectorMath.BlockLength - 1) / VectorMath.BlockLength];
        best = new CandidateSet(vocabularySize);
    }

    /// <summary>Keeps what the sampler will overwrite.</summary>
    public void Capture(ReadOnlySpan<float> values)
    {
        values.CopyTo(logits);
        var max = VectorMath.Max(values);
        logSum = max + Math.Log(VectorMath.Exponentials(values, max, 1f, weights, blockSums));
    }

    /// <summary>Natural logarithm of the token's probability.</summary>
    public float LogProb(int token) => (float)(logits[token] - logSum);

    /// <summary>The most probable tokens, best first.</summary>
    public int[] Top(int count)
    {
        if (count == 0)
            return [];

        best.TakeLargest(logits, count);
        var tokens = best.Tokens.ToArray();
        Array.Sort(tokens, (a, b) => logits[b] != logits[a] ? logits[b].CompareTo(logits[a]) : a.CompareTo(b));
        return tokens;
    }
}
