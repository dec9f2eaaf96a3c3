namespace Penstock.Engine.KvCache;

/// <summary>How much of a prompt a <see cref="PrefixTree"/> has. Valid until the tree changes.</summary>
/// <param name="Node">The last node that the prompt agrees with, if only in part; the root when nothing is there.</param>
/// <param name="Length">Tokens that agree, whole blocks; at most the node's end.</param>
public readonly record struct PrefixMatch(PrefixNode Node, int Length);
