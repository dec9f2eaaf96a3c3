using Penstock.Engine.Running;

namespace Penstock.Engine.KvCache;

/// <summary>Who may share prefixes with whom: those of one name whose KV the same adapter has made, at the same scale.</summary>
/// <param name="Name">Says whose it is; <see cref="PrefixTree.Common"/> is everybody's.</param>
/// <param name="Adapter">What computes it beside the model.</param>
public readonly record struct PrefixDomain(string Name, AdapterUse Adapter = default)
{
    /// <summary>Everybody's, for the same adapter.</summary>
    public PrefixDomain Common => this with { Name = PrefixTree.Common };

    public static implicit operator PrefixDomain(string name) => new(name);
}
