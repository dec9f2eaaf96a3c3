using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Grammars;

/// <summary>The right side of a rule, or a part of it.</summary>
internal abstract record GrammarTree
{
    private GrammarTree()
    {
    }

    public sealed record Characters(CodePointSet Set) : GrammarTree;

    public sealed record Literal(byte[] Utf8) : GrammarTree;

    public sealed record Sequence(IReadOnlyList<GrammarTree> Items) : GrammarTree;

    public sealed record Choice(IReadOnlyList<GrammarTree> Options) : GrammarTree;

    public sealed record Repetition(GrammarTree Body, int Min, int Max) : GrammarTree;

    public sealed record Rule(string Name) : GrammarTree;
}
