namespace Penstock.Models.Description;

/// <summary>Constant factors between the layers. Null stands for a missing key: its default is the architecture's.</summary>
public sealed record ScaleDescription
{
    /// <summary>Factor on the embeddings (<c>embedding_scale</c>); 0 stands for none.</summary>
    public float? Embedding { get; init; }

    /// <summary>Factor on what a layer's halves add to the residual stream (<c>residual_scale</c>); 0 stands for none.</summary>
    public float? Residual { get; init; }

    /// <summary>The number in <c>logit_scale</c>. Some architectures multiply logits by it, others divide.</summary>
    public float? Logits { get; init; }

    /// <summary>Logits become <c>c·tanh(logit/c)</c> (<c>final_logit_softcapping</c>); 0 stands for no cap.</summary>
    public float? LogitsSoftCap { get; init; }
}
