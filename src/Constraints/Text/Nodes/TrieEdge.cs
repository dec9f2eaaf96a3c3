namespace Penstock.Constraints.Text.Nodes;

/// <summary>The bytes from <paramref name="First"/> to <paramref name="Last"/> lead to <paramref name="Target"/>.</summary>
internal readonly record struct TrieEdge(byte First, byte Last, TrieNode Target)
{
    /// <summary>Whether these bytes begin a UTF-8 character: they are not of the form 10xxxxxx.</summary>
    public bool Begins => First is < 0x80 or >= 0xC0;
}
