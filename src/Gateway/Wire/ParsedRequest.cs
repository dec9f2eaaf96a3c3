using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>A canonical request, and how its wire form wants the answer.</summary>
/// <param name="Request">The request.</param>
/// <param name="IncludeUsage">Whether a stream ends with a usage chunk.</param>
public sealed record ParsedRequest(InferenceRequest Request, bool IncludeUsage);
