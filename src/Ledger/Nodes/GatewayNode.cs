namespace Penstock.Ledger.Nodes;

/// <summary>A gateway that uses a store.</summary>
/// <param name="Id">Unique in the store, and never used twice.</param>
/// <param name="Name">What its operator calls it, by default its machine; need not be unique.</param>
/// <param name="Started">When it registered, by the store's clock.</param>
/// <param name="LeaseUntil">When it is dead unless it has renewed its lease by then, by the store's clock; null where it lives as long as its lock.</param>
/// <param name="Alive">Whether it was alive when this was read.</param>
public sealed record GatewayNode(long Id, string Name, DateTimeOffset Started, DateTimeOffset? LeaseUntil, bool Alive);
