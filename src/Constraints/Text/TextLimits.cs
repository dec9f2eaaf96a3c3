namespace Penstock.Constraints.Text;

/// <summary>Bounds on the text automata of one compiled constraint.</summary>
public sealed record TextLimits
{
    public static TextLimits Default { get; } = new();

    /// <summary>Nodes (states and their parts) in one pool. A node takes some 200 bytes with its memos.</summary>
    public int Nodes { get; init; } = 1_000_000;

    /// <summary>States that one search for an ending may look at.</summary>
    public int SearchedStates { get; init; } = 100_000;

    /// <summary>UTF-16 units of one pattern.</summary>
    public int PatternLength { get; init; } = 65_536;

    /// <summary>UTF-16 units of one grammar.</summary>
    public int GrammarLength { get; init; } = 262_144;

    /// <summary>Groups within groups in one pattern, and in one rule of a grammar.</summary>
    public int Nesting { get; init; } = 200;
}
