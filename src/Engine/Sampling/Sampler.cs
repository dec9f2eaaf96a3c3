namespace Penstock.Engine.Sampling;

/// <summary>
/// Chooses the next token from logits. The order is that of vLLM and Hugging Face: a constraint's mask (laid over the logits before they come here:
/// nothing brings back what has no logit), repetition, frequency and presence penalties, logit bias, temperature, top_k, top_p, min_p. Scratch of one thread; allocates nothing after construction.
/// </summary>
/// <remarks>
/// Each filter works on what the one before it left: top_p is a share of the probability within top_k, min_p is relative to the
/// best token (so its place among the last three changes nothing but top_p's total). The best token always stays.
/// </remarks>
public sealed class Sampler
{
    /// <summary>Returned when the logits hold a NaN or positive infinity, or leave no token possible: the backend has failed.</summary>
    public const int NotFinite = -1;

    // Below this, the best token's probability is 1 in single precision unless logits are equal to five digits.
    private const float Greedy = 1e-5f;

    private readonly LogitBlocks blocks;
    private readonly double[] blockSums;
    private readonly float[] blockWeights = new float[LogitBlocks.Length];
    private readonly CandidateSet candidates;

    public Sampler(int vocabularySize)
    {
        blocks = new LogitBlocks(vocabularySize);
        blockSums = new double[LogitBlocks.Count(vocabularySize)];
        candidates = new CandidateSet(vocabularySize);
    }

    /// <summary>The largest logit that the last token was chosen from, after penalties and biases, less the second largest.</summary>
    public float Margin { get; private set; }

    /// <summary>The next token of the choice, or <see cref="NotFinite"/>. Overwrites the logits; does not change the state (see <see cref="SamplingState.Add"/>).</summary>
    public int Sample(Span<float> logits, SamplingState state)
    {
        state.Adjust(logits);
        return Choose(logits, state);
    }

    /// <summary>As <see cref="Sample"/>, over logits that it has adjusted: another token, since the one that it gave cannot be.</summary>
    /// <param name="logits">As <see cref="Sample"/> left them.</param>
    /// <param name="state">The choice's.</param>
    /// <param name="refused">The token that cannot be.</param>
    public int SampleAnother(Span<float> logits, SamplingState state, int refused)
    {
        logits[refused] = float.NegativeInfinity;
        return Choose(logits, state);
    }

    private int Choose(Span<float> logits, SamplingState state)
    {
        var max = blocks.Take(logits);
        if (!float.IsFinite(max))
            return NotFinite;

        Margin = max - blocks.RunnerUp(logits, max);
        var options = state.Options;
        if (options.Temperature < Greedy)
            return blocks.IndexOf(logits, max);

        var uniform = CounterRandom.Uniform(state.Seed, state.Choice, state.Position);
        var scale = 1f / options.Temperature;
        if (options.TopK > 0 && options.TopK < logits.Length)
        {
            candidates.TakeLargest(logits, blocks, max, options.TopK);
            var total = candidates.ToWeights(max, scale);
            if (options.TopP < 1f)
                candidates.KeepMass(options.TopP * total);
        }
        else if (options.TopP < 1f)
        {
            var sum = WeightSums.OfNucleus(logits, max, scale, options.TopP, out var exponent);
            candidates.TakeAtLeast(logits, blocks, max, scale, MathF.Max(exponent, LeastExponent(options.MinP)));
            candidates.ToWeights(max, scale);
            candidates.KeepMass(options.TopP * sum);
        }
        else if (options.MinP > 0f)
        {
            candidates.TakeAtLeast(logits, blocks, max, scale, LeastExponent(options.MinP));
            candidates.ToWeights(max, scale);
        }
        else
        {
            return Draw(logits, max, scale, uniform);
        }

        candidates.KeepAtLeast(MathF.Max(options.MinP, CandidateSet.Possible));
        return DrawCandidate(uniform);
    }

    // A little below the logarithm, for the rounding of the exponentials; the weights decide.
    private static float LeastExponent(float minP) => MathF.Max(WeightSums.Impossible, MathF.Log(minP) - 0.001f);

    // The weights are summed by block and computed again where the draw falls.
    private int Draw(ReadOnlySpan<float> logits, float max, float scale, double uniform)
    {
        var target = uniform * WeightSums.OfBlocks(logits, max, scale, blockSums);
        var block = 0;
        while (block < blockSums.Length - 1 && target >= blockSums[block])
            target -= blockSums[block++];

        // Rounding may leave the target at a block's end, where the last possible token is meant.
        var some = LogitBlocks.Of(logits, block);
        some.CopyTo(blockWeights);
        WeightSums.Weigh(blockWeights, max, scale);
        var chosen = -1;
        for (var i = 0; i < some.Length && target >= 0; i++)
        {
            if (blockWeights[i] == 0f)
                continue;

            chosen = (block * LogitBlocks.Length) + i;
            target -= blockWeights[i];
        }

        return chosen >= 0 ? chosen : blocks.IndexOf(logits, max);
    }

    private int DrawCandidate(double uniform)
    {
        var shares = candidates.Weights;
        var sum = 0.0;
        foreach (var share in shares)
            sum += share;

        var target = uniform * sum;
        var i = 0;
        while (i < shares.Length - 1 && target >= shares[i])
            target -= shares[i++];
        return candidates.Tokens[i];
    }
}
