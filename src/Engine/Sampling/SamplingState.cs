using Penstock.Contracts.Requests;

namespace Penstock.Engine.Sampling;

/// <summary>What the sampler must remember of one choice. Its memory is taken at its first token, so that a request that waits costs none, and then never grows.</summary>
public sealed class SamplingState
{
    private readonly int[] biasTokens;
    private readonly float[] biases;
    private readonly int[] penalizedPrompt;
    private readonly int mostCounted;
    private Dictionary<int, int>? counts;

    /// <param name="options">How to choose.</param>
    /// <param name="seed">The request's seed.</param>
    /// <param name="choice">Index of the choice.</param>
    /// <param name="prompt">The prompt, of which the repetition penalty reads the tokens.</param>
    /// <param name="maxOutputTokens">Most tokens that will be sampled.</param>
    /// <param name="vocabularySize">How many different tokens there are.</param>
    public SamplingState(SamplingOptions options, ulong seed, int choice, int[] prompt, int maxOutputTokens, int vocabularySize)
    {
        (Options, Seed, Choice) = (options, seed, choice);
        (biasTokens, biases) = ([.. options.LogitBias.Keys], [.. options.LogitBias.Values]);
        var repetition = options.RepetitionPenalty != 1f;
        penalizedPrompt = repetition ? prompt : [];
        mostCounted = repetition || options.PresencePenalty != 0f || options.FrequencyPenalty != 0f
            ? (int)Math.Min(vocabularySize, (long)penalizedPrompt.Length + maxOutputTokens)
            : 0;
    }

    public SamplingOptions Options { get; }

    public ulong Seed { get; }

    public int Choice { get; }

    /// <summary>Tokens sampled so far.</summary>
    public int Position { get; private set; }

    /// <summary>Takes the sampled token into account.</summary>
    public void Add(int token)
    {
        Position++;
        if (mostCounted == 0)
            return;

        counts ??= CountPrompt();
        counts[token] = counts.GetValueOrDefault(token) + 1;
    }

    /// <summary>Penalties, then biases, on the few logits that they concern.</summary>
    internal void Adjust(Span<float> logits)
    {
        if (mostCounted > 0)
        {
            counts ??= CountPrompt();
            foreach (var (token, count) in counts)
                logits[token] = Penalize(logits[token], count);
        }

        for (var i = 0; i < biasTokens.Length; i++)
            logits[biasTokens[i]] += biases[i];
    }

    private Dictionary<int, int> CountPrompt()
    {
        var counted = new Dictionary<int, int>(mostCounted);
        foreach (var token in penalizedPrompt)
            counted[token] = 0;
        return counted;
    }

    private float Penalize(float logit, int count)
    {
        logit = logit > 0 ? logit / Options.RepetitionPenalty : logit * Options.RepetitionPenalty;
        return count == 0 ? logit : logit - Options.PresencePenalty - (count * Options.FrequencyPenalty);
    }
}
