namespace Penstock.Constraints.Text.Nodes;

/// <summary>What the head of a union's member is.</summary>
internal enum UnionPartKind
{
    Trie,
    Repeat,
    Other,
}
