using Penstock.Contracts.Requests;

namespace Penstock.Engine.Sampling;

/// <summary>What the sampler must remember of one choice. Everything it will ever need is allocated when it is made.</summary>
public sealed class SamplingState
{
    private readonly int[] biasTokens;
    private readonly float[] biases;
    private readonly Dictionary<int, int>? counts;

    /// <param name="options">How to choose.</param>
    /// <param name="seed">The request's seed.</param>
    /// <param name="choice">Index of the choice.</param>
    /// <param name="prompt">The prompt, of which the repetition penalty reads the tokens.</param>
    /// <param name="maxOutputTokens">Most tokens that will be sampled.</param>
    public SamplingState(SamplingOptions options, ulong seed, int choice, ReadOnlySpan<int> prompt, int maxOutputTokens)
    {
        (Options, Seed, Choice) = (options, seed, choice);
        (biasTokens, biases) = ([.. options.LogitBias.Keys], [.. options.LogitBias.Values]);
        var repetition = options.RepetitionPenalty != 1f;
        if (!repetition && options.PresencePenalty == 0f && options.FrequencyPenalty == 0f)
            return;

        counts = new Dictionary<int, int>(maxOutputTokens + (repetition ? prompt.Length : 0));
        foreach (var token in repetition ? prompt : [])
            counts[token] = 0;
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
        if (counts is not null)
            counts[token] = counts.GetValueOrDefault(token) + 1;
    }

    /// <summary>Penalties, then biases, on the few logits that they concern.</summary>
    internal void Adjust(Span<float> logits)
    {
        if (counts is not null)
        {
            foreach (var (token, count) in counts)
                logits[token] = Penalize(logits[token], count);
        }

        for (var i = 0; i < biasTokens.Length; i++)
            logits[biasTokens[i]] += biases[i];
    }

    private float Penalize(float logit, int count)
    {
        logit = logit > 0 ? logit / Options.RepetitionPenalty : logit * Options.RepetitionPenalty;
        return count == 0 ? logit : logit - Options.PresencePenalty - (count * Options.FrequencyPenalty);
    }
}
