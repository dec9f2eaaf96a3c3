namespace Penstock.Contracts.Requests;

/// <summary>How the next token is chosen. Immutable. Bounds are checked at the edge; defaults are OpenAI's where it has one.</summary>
public sealed record SamplingOptions
{
    public static SamplingOptions Default { get; } = new();

    /// <summary>0 = greedy. Range 0 to 2 (larger is accepted up to 100). Default 1.</summary>
    public float Temperature { get; init; } = 1f;

    /// <summary>Keep the k most probable tokens; 0 = all. Default 0.</summary>
    public int TopK { get; init; }

    /// <summary>Nucleus: keep the smallest set with at least this probability (Holtzman et al. 2020). Range (0, 1]. Default 1.</summary>
    public float TopP { get; init; } = 1f;

    /// <summary>Keep tokens with at least this share of the best one's probability. Range [0, 1]. Default 0.</summary>
    public float MinP { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens seen in prompt or output (Keskar et al. 2019). Over 0. Default 1.</summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>Subtracted once from the logit of each token of the output so far. Range -2 to 2. Default 0.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Subtracted for each occurrence in the output so far. Range -2 to 2. Default 0.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Added to the logits of these token ids, -100 to 100. Empty by default.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>With a seed the choice depends on (seed, choice index, position) only. Null: a seed is drawn for the request.</summary>
    public ulong? Seed { get; init; }

    /// <summary>How many alternatives to report a token: 0 to 20; null = no log-probabilities at all.</summary>
    public int? TopLogProbs { get; init; }
}
