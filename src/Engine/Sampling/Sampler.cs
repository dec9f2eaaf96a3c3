namespace Penstock.Engine.Sampling;

/// <summary>
/// Chooses the next token from logits. The order is that of vLLM and Hugging Face: repetition, frequency and presence penalties,
/// logit bias, temperature, top_k, top_p, min_p. Scratch of one thread; allocates nothing after construction.
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

    private readonly float[] weights;
    private readonly double[] blockSums;
    private readonly CandidateSet candidates;

    public Sampler(int vocabularySize)
    {
        weights = new float[(vocabularySize + 7) / 8 * 8];
        blockSums = new double[(vocabularySize + VectorMath.BlockLength - 1) / VectorMath.BlockLength];
        candidates = new CandidateSet(vocabularySize);
    }

    /// <summary>The next token of the choice, or <see cref="NotFinite"/>. Overwrites the logits; does not change the state (see <see cref="SamplingState.Add"/>).</summary>
    public int Sample(Span<float> logits, SamplingState state)
    {
        state.Adjust(logits);
        var max = VectorMath.Max(logits);
        if (!float.IsFinite(max))
            return NotFinite;

        var options = state.Options;
        if (options.Temperature < Greedy)
            return VectorMath.IndexOf(logits, max);

        var uniform = CounterRandom.Uniform(state.Seed, state.Choice, state.Position);
        var scale = 1f / options.Temperature;
        if (options.TopK > 0 && options.TopK < logits.Length)
        {
            candidates.TakeLargest(logits, options.TopK);
            var total = candidates.ToWeights(max, scale);
            if (options.TopP < 1f)
                candidates.KeepMass(options.TopP * total);
            candidates.KeepAtLeast(MathF.Max(options.MinP, CandidateSet.Possible));
            return DrawCandidate(uniform);
        }

        var sum = VectorMath.Exponentials(logits, max, scale, weights, blockSums);
        var all = weights.AsSpan(0, logits.Length);
        if (options.TopP < 1f)
            candidates.TakeNucleus(all, options.TopP * sum, options.MinP);
        else if (options.MinP > 0f)
            candidates.TakeAtLeast(all, options.MinP);
        else
            return Draw(all, uniform * sum);

        return DrawCandidate(uniform);
    }

    private int Draw(ReadOnlySpan<float> all, double target)
    {
        var block = 0;
        while (block < blockSums.Length - 1 && target >= blockSums[block])
            target -= blockSums[block++];

        // Rounding may leave the target at the very end, where the last possible token is meant.
        var chosen = -1;
        for (var token = block * VectorMath.BlockLength; token < all.Length && target >= 0; token++)
        {
            if (all[token] == 0f)
                continue;

            chosen = token;
            target -= all[token];
        }

        return chosen >= 0 ? chosen : VectorMath.IndexOf(all, 1f);
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
