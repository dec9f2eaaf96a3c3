using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>A canonical request, and how its wire form wants the answer.</summary>
/// <param name="Request">The request.</param>
/// <param name="IncludeUsage">Whether a stream ends with a usage chunk.</param>
/// <param name="ServiceTier">The tier that the answer names; null when the request names none.</param>
/// <param name="Receipt">Whether the answer ends with its receipt.</param>
public sealed record ParsedRequest(InferenceRequest Request, bool IncludeUsage, string? ServiceTier = null, bool Receipt = false);
