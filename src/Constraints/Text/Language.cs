using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text;

/// <summary>
/// A set of texts (valid UTF-8). Made by a <see cref="LanguagePool"/> and usable with others of the same pool only; two that were found to be
/// the same are the same object (the converse does not hold: equal sets may be written in ways that the pool does not see through).
/// </summary>
public sealed class Language
{
    internal Language(LanguagePool pool, Node node) => (Pool, Node) = (pool, node);

    /// <summary>Whether no text is in it. The first look may search; its result is remembered.</summary>
    /// <exception cref="ConstraintLimitException">The search reached a bound.</exception>
    public bool IsEmpty => !Pool.Search.IsLive(Node);

    /// <summary>The state before the first byte.</summary>
    /// <exception cref="InvalidOperationException">The language is empty, so that no state has an ending.</exception>
    public TextState Start => Pool.StateOf(Node) ?? throw new InvalidOperationException("An empty language has no state.");

    internal LanguagePool Pool { get; }

    internal Node Node { get; }

    public bool Matches(ReadOnlySpan<byte> utf8)
    {
        var node = Node;
        foreach (var value in utf8)
            node = node.Step(Pool.Nodes, value);

        return node.IsNullable;
    }
}
