namespace Penstock.Gateway.Tenancy;

/// <summary>What one agent run may use: all calls with the same run header, from one tenant. Null = no limit.</summary>
/// <param name="Calls">How often it may call.</param>
/// <param name="Tokens">Tokens of all its calls.</param>
/// <param name="Depth">How deep calls may be nested: one without a known parent has depth 1.</param>
/// <param name="WallTime">How long after its first call it may make another.</param>
/// <param name="Share">This share of the tenant's windowed limits, in thousandths, is only for runs that were let in before, so that half-done loops are not starved by new ones.</param>
public sealed record RunLimits(int? Calls, long? Tokens, int? Depth, TimeSpan? WallTime, int Share = 0);
