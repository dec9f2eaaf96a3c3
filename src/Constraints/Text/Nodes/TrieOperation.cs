namespace Penstock.Constraints.Text.Nodes;

/// <summary>What two sets of strings are made into.</summary>
internal enum TrieOperation
{
    Union,
    Intersect,
    Except,
}
