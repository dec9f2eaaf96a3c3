namespace Penstock.Ledger.Nodes;

/// <summary>
/// The gateways that use a store. Each holds a lease while it lives; what a gateway with a lapsed lease had under way is dead, and whoever of the others sees it first
/// recovers it, once. Thread-safe.
/// </summary>
public interface INodeRegistry
{
    /// <summary>This gateway. It gets another id when the others have declared it dead while it was cut off from the store.</summary>
    GatewayNode Self { get; }

    /// <summary>Every gateway that is alive, or whose remains have not been recovered yet; by id.</summary>
    /// <exception cref="LedgerException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<GatewayNode>> ReadAsync(CancellationToken cancellationToken = default);
}
