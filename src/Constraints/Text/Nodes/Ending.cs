namespace Penstock.Constraints.Text.Nodes;

/// <summary>How the shortest text of a node begins, as a search found it.</summary>
/// <param name="Length">Bytes of it.</param>
/// <param name="Value">Its first byte, where <paramref name="Length"/> is not 0.</param>
/// <param name="Next">The node after that byte.</param>
internal sealed record Ending(int Length, byte Value, Node? Next)
{
    /// <summary>The empty text is one.</summary>
    public static readonly Ending Here = new(0, 0, null);

    /// <summary>There is no text.</summary>
    public static readonly Ending None = new(-1, 0, null);
}
