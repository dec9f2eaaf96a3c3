namespace Penstock.Engine.Running;

/// <summary>What a slice computes beside its KV.</summary>
public enum SliceOutput
{
    /// <summary>Nothing: an inner chunk of a prompt.</summary>
    None,

    /// <summary>Logits of the last row.</summary>
    LastRow,

    /// <summary>Logits of every row: perplexity, verification of drafts.</summary>
    EveryRow,

    /// <summary>The final hidden state of every row: embeddings.</summary>
    Hidden,
}
