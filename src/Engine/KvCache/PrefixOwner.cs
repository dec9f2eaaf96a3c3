using Penstock.Engine.Scheduling.Order;

namespace Penstock.Engine.KvCache;

/// <summary>On whose account cached blocks are kept: a tenant. Belongs to one tree.</summary>
public sealed class PrefixOwner
{
    internal PrefixOwner(string name, int quota) => (Name, Quota) = (name, quota);

    public string Name { get; }

    /// <summary>Most blocks that it may keep.</summary>
    public int Quota { get; }

    /// <summary>Blocks that it keeps.</summary>
    public int Blocks { get; internal set; }

    /// <summary>Its leaves that nobody uses, least rank first.</summary>
    internal IndexedHeap<PrefixNode, LeafOrder> Leaves { get; } = new();
}
