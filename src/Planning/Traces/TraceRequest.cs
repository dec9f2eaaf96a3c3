namespace Penstock.Planning.Traces;

/// <summary>A recorded request.</summary>
/// <param name="ArrivalSeconds">When it arrived, in seconds of the trace's own clock.</param>
/// <param name="Tenant">Who sent it; empty where the trace does not say.</param>
/// <param name="PromptTokens">At least 1.</param>
/// <param name="OutputTokens">At least 1.</param>
/// <param name="Blocks">What the prompt consists of: equal numbers mean equal blocks of <see cref="MooncakeTrace.BlockTokens"/> tokens; null = nothing is known, and no other prompt begins like this one.</param>
public readonly record struct TraceRequest(double ArrivalSeconds, string Tenant, int PromptTokens, int OutputTokens, int[]? Blocks = null);
