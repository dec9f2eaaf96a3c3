namespace Penstock.Planning.Replay;

/// <summary>A request that has ended; without its prompt, so that a long trace fits the memory. Times are the clock's ticks.</summary>
internal readonly record struct ServedRequest(int Tenant, long Arrival, long FirstToken, long End, int PromptTokens, int CachedTokens, int OutputTokens);
