using Penstock.Engine.Cpu.Matrices;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The weights of one transformer layer.</summary>
internal sealed record LlamaLayer
{
    public required WeightVector AttentionNorm { get; init; }

    public required PackedMatrix Query { get; init; }

    public required PackedMatrix Key { get; init; }

    public required PackedMatrix Value { get; init; }

    public required PackedMatrix AttentionOutput { get; init; }

    public WeightVector? QueryBias { get; init; }

    public WeightVector? KeyBias { get; init; }

    public WeightVector? ValueBias { get; init; }

    public WeightVector? AttentionOutputBias { get; init; }

    public required WeightVector FeedForwardNorm { get; init; }

    public required PackedMatrix Gate { get; init; }

    public required PackedMatrix Up { get; init; }

    public required PackedMatrix Down { get; init; }
}
