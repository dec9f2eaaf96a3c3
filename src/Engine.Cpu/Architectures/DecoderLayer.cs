using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Phases;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The weights of one transformer layer.</summary>
internal sealed record DecoderLayer
{
    public required WeightVector AttentionNorm { get; init; }

    public required PackedMatrix Query { get; init; }

    public required PackedMatrix Key { get; init; }

    public required PackedMatrix Value { get; init; }

    public required PackedMatrix AttentionOutput { get; init; }

    public WeightVector? QueryBias { get; init; }

    public WeightVector? KeyBias { get; init; }

    public WeightVector? ValueBias { get; init; }

    /// <summary>Norm of each query head, or null.</summary>
    public WeightVector? QueryNorm { get; init; }

    /// <summary>Norm of each key head, or null.</summary>
    public WeightVector? KeyNorm { get; init; }

    /// <summary>How the attention's result joins the residual stream.</summary>
    public required ResidualUpdate AfterAttention { get; init; }

    public required WeightVector FeedForwardNorm { get; init; }

    public required FeedForwardWeights FeedForward { get; init; }

    /// <summary>How the feed-forward's result joins the residual stream.</summary>
    public required ResidualUpdate AfterFeedForward { get; init; }

    /// <summary>Whether the attention's first products read the quantized form of their input rows.</summary>
    public bool QuantizedInput => Query.QuantizedInput || Key.QuantizedInput || Value.QuantizedInput;

    /// <summary>Bytes of matrices that a step of one row reads.</summary>
    public long BytesPerStep => Query.Bytes + Key.Bytes + Value.Bytes + AttentionOutput.Bytes + FeedForward.BytesPerStep;

    public long MultiplyAddsPerRow => (2L * Query.Rows * Query.Columns) + (2L * Key.Rows * Key.Columns) + FeedForward.MultiplyAddsPerRow;

    /// <summary>A matrix by its name; those of the feed-forward half only where it is dense.</summary>
    public PackedMatrix this[WeightName name] => name switch
    {
        WeightName.Query => Query,
        WeightName.Key => Key,
        WeightName.Value => Value,
        WeightName.AttentionOutput => AttentionOutput,
        WeightName.Gate => Dense.Gate,
        WeightName.Up => Dense.Up,
        WeightName.Down => Dense.Down,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private DenseWeights Dense => (DenseWeights)FeedForward;
}
