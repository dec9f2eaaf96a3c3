namespace Penstock.Ledger.Prices;

/// <summary>Where a provider's usage object has its figures, as JSON pointers (RFC 6901): <c>/prompt_tokens_details/cached_tokens</c>. Null = the record's own count is used.</summary>
/// <param name="Input">Tokens of prompt.</param>
/// <param name="Cached">Cached tokens of prompt.</param>
/// <param name="Output">Tokens of output, reasoning included.</param>
/// <param name="Reasoning">Tokens of reasoning.</param>
/// <param name="Cost">The provider's own cost in US dollars, which then is the cost; the rates are for what it leaves out.</param>
/// <param name="CachedInInput">Whether <paramref name="Input"/> counts cached tokens too, as OpenAI's does and Anthropic's does not.</param>
public sealed record UsageRules(string? Input, string? Cached, string? Output, string? Reasoning, string? Cost, bool CachedInInput = true);
