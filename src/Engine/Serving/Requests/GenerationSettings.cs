using Penstock.Contracts.Requests;
using Penstock.Engine.Constraining;
using Penstock.Engine.Serving.Text;

namespace Penstock.Engine.Serving.Requests;

/// <summary>How a prepared request is to be continued, checked and complete.</summary>
internal sealed record GenerationSettings
{
    public required int MaxOutputTokens { get; init; }

    public required int Choices { get; init; }

    public required SamplingOptions Sampling { get; init; }

    public required ulong Seed { get; init; }

    public required StopPatterns Stops { get; init; }

    /// <summary>Whether the answer is a text of its own (a chat) and not the rest of one (a completion).</summary>
    public required bool StartsText { get; init; }

    public required bool IgnoreEndOfGeneration { get; init; }

    /// <summary>What the answer must be; null: anything.</summary>
    public CompiledConstraint? Constraint { get; init; }

    /// <summary>Control tokens that are part of the text, for who reads its markers; null: none.</summary>
    public IReadOnlySet<int>? ShownTokens { get; init; }
}
