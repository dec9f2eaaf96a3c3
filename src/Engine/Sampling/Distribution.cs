namespace Penstock.Engine.Sampling;

/// <summary>The model's own distribution over the next token: log-softmax of the unmodified logits. Scratch of one thread, for requests that ask for log-probabilities.</summary>
public sealed class Distribution
{
    private readonly float[] logits;
    private readonly LogitBlocks blocks;
    private readonly double[] blockSums;
    private readonly CandidateSet best;
    private float max;
    private double logSum;

    public Distribution(int vocabularySize)
    {
        logits = new float[vocabularySize];
        blocks = new LogitBlocks(vocabularySize);
        blockSums = new double[LogitBlocks.Count(vocabularySize)];
        best = new CandidateSet(vocabularySize);
    }

    /// <summary>Keeps what the sampler will overwrite.</summary>
    public void Capture(ReadOnlySpan<float> values)
    {
        values.CopyTo(logits);
        max = blocks.Take(values);
        logSum = max + Math.Log(WeightSums.OfBlocks(values, max, 1f, blockSums));
    }

    /// <summary>Natural logarithm of the token's probability.</summary>
    public float LogProb(int token) => (float)(logits[token] - logSum);

    /// <summary>The most probable tokens, best first.</summary>
    public int[] Top(int count)
    {
        if (count == 0)
            return [];

        best.TakeLargest(logits, blocks, max, count);
        var tokens = best.Tokens.ToArray();
        Array.Sort(tokens, (a, b) => logits[b] != logits[a] ? logits[b].CompareTo(logits[a]) : a.CompareTo(b));
        return tokens;
    }
}
