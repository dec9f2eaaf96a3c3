using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The weights of one transformer layer.</summary>
internal sealed record LlamaLayer : IDisposable
{
    public required NativeBuffer AttentionNorm { get; init; }

    public required PackedMatrix Query { get; init; }

    public required PackedMatrix Key { get; init; }

    public required PackedMatrix Value { get; init; }

    public required PackedMatrix AttentionOutput { get; init; }

    public NativeBuffer? QueryBias { get; init; }

    public NativeBuffer? KeyBias { get; init; }

    public NativeBuffer? ValueBias { get; init; }

    public NativeBuffer? AttentionOutputBias { get; init; }

    public required NativeBuffer FeedForwardNorm { get; init; }

    public required PackedMatrix Gate { get; init; }

    public required PackedMatrix Up { get; init; }

    public required PackedMatrix Down { get; init; }

    public void Dispose()
    {
        foreach (var part in (IDisposable?[])[AttentionNorm, Query, Key, Value, AttentionOutput, QueryBias, KeyBias, ValueBias, AttentionOutputBias, FeedForwardNorm, Gate, Up, Down])
            part?.Dispose();
    }
}
