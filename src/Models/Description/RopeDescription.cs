namespace Penstock.Models.Description;

/// <summary>A model's rotary position embedding.</summary>
public sealed record RopeDescription
{
    /// <summary>Dimensions of each head that are rotated; even, at most the head's width.</summary>
    public required int Width { get; init; }

    /// <summary>The base of the frequencies, usually 10,000 or 500,000.</summary>
    public required float Base { get; init; }

    public required RopeScaling Scaling { get; init; }

    /// <summary>How many times longer the context became; 1 without scaling.</summary>
    public required float Factor { get; init; }

    /// <summary>The context length of the training, or null where the file does not say.</summary>
    public int? OriginalContextLength { get; init; }

    /// <summary>YaRN's and LongRoPE's factor on the attention's scale; 1 when the file does not say.</summary>
    public float AttentionFactor { get; init; } = 1;

    /// <summary>YaRN's mix of extrapolation; -1 asks for the method's default (ggml's convention).</summary>
    public float ExtrapolationFactor { get; init; } = -1;

    public float BetaFast { get; init; } = 32;

    public float BetaSlow { get; init; } = 1;

    /// <summary>Name of the tensor that divides each frequency (<c>rope_freqs.weight</c>, Llama 3), or null.</summary>
    public string? FactorsTensor { get; init; }

    /// <summary>LongRoPE's divisors for contexts up to <see cref="OriginalContextLength"/> (<c>rope_factors_short.weight</c>), or null.</summary>
    public string? ShortFactorsTensor { get; init; }

    /// <summary>LongRoPE's divisors for longer contexts (<c>rope_factors_long.weight</c>), or null.</summary>
    public string? LongFactorsTensor { get; init; }

    /// <summary>False where the model was made without positions (<c>rope.scaling.finetuned</c>, which Granite uses as a switch); null where the file does not say.</summary>
    public bool? Finetuned { get; init; }
}
