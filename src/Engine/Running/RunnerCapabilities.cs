namespace Penstock.Engine.Running;

/// <summary>What a runner can do and what it promises.</summary>
public sealed record RunnerCapabilities
{
    /// <summary>Who it is, with the compute path and KV type: <c>engine.cpu/avx2/kv-f16</c>, <c>simulated</c>. Part of the fingerprint.</summary>
    public required string Name { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>Width of a hidden state.</summary>
    public required int EmbeddingWidth { get; init; }

    /// <summary>Most tokens of one sequence.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Most rows (tokens) of one step.</summary>
    public required int MaxRows { get; init; }

    /// <summary>Sequence numbers run from 0 to this, exclusive.</summary>
    public required int MaxSequences { get; init; }

    /// <summary>What keys and values are kept as; null where there are none.</summary>
    public KvType? KvType { get; init; }

    /// <summary>Whether a row's outputs are bit-identical whatever else is in the step and however the prompt was cut.</summary>
    public required bool BatchInvariant { get; init; }

    /// <summary>Whether rows with different adapters are computed together; otherwise a step takes a pass for each adapter in it, if the runner has adapters at all.</summary>
    public required bool AdapterPerRow { get; init; }
}
