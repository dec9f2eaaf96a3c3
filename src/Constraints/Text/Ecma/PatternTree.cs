using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>A parsed pattern. Captures are gone: they mean nothing where only membership counts.</summary>
internal abstract record PatternTree
{
    private PatternTree(bool hasAssertions) => HasAssertions = hasAssertions;

    /// <summary>Whether what it matches depends on what stands around it: anchors, look-ahead, word boundaries.</summary>
    public bool HasAssertions { get; }

    public sealed record Characters(CodePointSet Set) : PatternTree(false);

    public sealed record Sequence(IReadOnlyList<PatternTree> Items) : PatternTree(Items.Any(static i => i.HasAssertions));

    public sealed record Choice(IReadOnlyList<PatternTree> Options) : PatternTree(Options.Any(static o => o.HasAssertions));

    public sealed record Repetition(PatternTree Body, int Min, int Max) : PatternTree(Body.HasAssertions);

    public sealed record Start() : PatternTree(true);

    public sealed record End() : PatternTree(true);

    public sealed record WordBoundary(bool IsNegated) : PatternTree(true);

    public sealed record LookAhead(PatternTree Body, bool IsNegated) : PatternTree(true);
}
