using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Phases;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>
/// How an architecture differs from the others: all that the <see cref="Decoder"/> needs to know beside the sizes in
/// <see cref="ModelDescription"/>. The defaults are llama's.
/// </summary>
internal sealed record Blueprint
{
    /// <summary>One plan a layer.</summary>
    public required IReadOnlyList<LayerPlan> Layers { get; init; }

    public RopeOrder RopeOrder { get; init; } = RopeOrder.Norm;

    /// <summary>Each query and key head is normed before it is rotated (<c>attn_q_norm</c>, <c>attn_k_norm</c>).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>What attention and feed-forward give is normed before it joins the residual stream (<c>post_attention_norm</c>, <c>post_ffw_norm</c>).</summary>
    public bool PostNorms { get; init; }

    /// <summary>The gate's rows lie before those of <c>ffn_up</c>, in one matrix.</summary>
    public bool FusedGateUp { get; init; }

    /// <summary>Width of an expert; 0 stands for <see cref="ModelDescription.FeedForwardWidth"/>.</summary>
    public int ExpertWidth { get; init; }

    /// <summary>The weights of a token's experts are made to sum to 1.</summary>
    public bool NormalizedExperts { get; init; } = true;

    public GateActivation Activation { get; init; } = GateActivation.Silu;

    /// <summary>Factor on the embeddings.</summary>
    public float EmbeddingScale { get; init; } = 1;

    /// <summary>Factor on what half a layer adds to the residual stream.</summary>
    public float ResidualScale { get; init; } = 1;

    /// <summary>Factor on the logits.</summary>
    public float LogitsScale { get; init; } = 1;

    /// <summary>Logits become <c>c·tanh(logit/c)</c>, after the factor; 0: they stay.</summary>
    public float LogitsSoftCap { get; init; }

    /// <summary>Endings of the names of tensors that files of this architecture may have and nobody computes with.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>The same plan for every layer.</summary>
    public static IReadOnlyList<LayerPlan> Uniform(ModelDescription model, LayerAttention? attention = null) =>
        Each(model, _ => new LayerPlan(attention ?? new LayerAttention(), model.Rope));

    public static IReadOnlyList<LayerPlan> Each(ModelDescription model, Func<int, LayerPlan> plan) => [.. Enumerable.Range(0, model.LayerCount).Select(plan)];
}
