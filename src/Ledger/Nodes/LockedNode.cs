namespace Penstock.Ledger.Nodes;

/// <summary>The registry of a store that one gateway has locked: there is nobody else, and its lease is the lock.</summary>
/// <param name="self">The gateway.</param>
internal sealed class LockedNode(GatewayNode self) : INodeRegistry
{
    public GatewayNode Self => self;

    public ValueTask<IReadOnlyList<GatewayNode>> ReadAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<IReadOnlyList<GatewayNode>>([self]);
}
