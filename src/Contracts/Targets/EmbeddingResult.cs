using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;

namespace Penstock.Contracts.Targets;

/// <summary>Vectors of an embedding request, each of unit length.</summary>
/// <param name="Vectors">One an input, in the request's order.</param>
/// <param name="Summary">The tokens and times for the record.</param>
public sealed record EmbeddingResult(IReadOnlyList<float[]> Vectors, GenerationSummary Summary)
{
    /// <summary>The provider's own answer, to be forwarded as it is; then there are no <see cref="Vectors"/>. Empty for what was computed here.</summary>
    public ReadOnlyMemory<byte> Wire { get; init; }

    /// <summary>Why there is neither, when providers were asked and none answered; the summary has the account of that.</summary>
    public PenstockError? Failure { get; init; }
}
