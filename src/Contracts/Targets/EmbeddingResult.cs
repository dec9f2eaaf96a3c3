using Penstock.Contracts.Generation;

namespace Penstock.Contracts.Targets;

/// <summary>Vectors of an embedding request, each of unit length.</summary>
/// <param name="Vectors">One an input, in the request's order.</param>
/// <param name="Summary">The tokens and times for the record.</param>
public sealed record EmbeddingResult(IReadOnlyList<float[]> Vectors, GenerationSummary Summary);
