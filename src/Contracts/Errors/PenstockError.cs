namespace Penstock.Contracts.Errors;

/// <summary>An expected failure as a value: what went wrong, where, and what the caller can do about it.</summary>
/// <param name="Code">The stable cause.</param>
/// <param name="Message">One or two sentences: what was given, what is allowed, the remedy. Never contains prompt text.</param>
/// <param name="Param">The request field at fault, in OpenAI's path notation (<c>messages[2].content</c>), or null.</param>
/// <param name="RetryAfter">How long until the same request may be admitted, when <paramref name="Code"/> is a matter of time.</param>
/// <param name="Budget">The limit that has no room, when <paramref name="Code"/> is about one.</param>
/// <param name="Upstream">What a provider did, when it is one that failed.</param>
public sealed record PenstockError(
    ErrorCode Code, string Message, string? Param = null, TimeSpan? RetryAfter = null, BudgetDetail? Budget = null, UpstreamFault? Upstream = null);
