using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>
/// What follows a part of a pattern up to the end of the text, for each thing that may stand before it: nothing, a word character, another character.
/// They differ only where an anchor or a word boundary looks back.
/// </summary>
internal readonly record struct Continuation(Node AtStart, Node AfterWord, Node AfterOther)
{
    public Continuation(Node everywhere)
        : this(everywhere, everywhere, everywhere)
    {
    }

    /// <summary>Whether it does not matter which character stands before.</summary>
    public bool IsSameAfterAny => ReferenceEquals(AfterWord, AfterOther);

    /// <summary>Whether it does not matter what stands before.</summary>
    public bool IsSame => IsSameAfterAny && ReferenceEquals(AtStart, AfterWord);

    public Continuation Map(Func<Node, Node> change) => IsSame ? new(change(AtStart)) : new(change(AtStart), change(AfterWord), change(AfterOther));

    public Continuation Zip(Continuation other, Func<Node, Node, Node> join) => IsSame && other.IsSame
        ? new(join(AtStart, other.AtStart))
        : new(join(AtStart, other.AtStart), join(AfterWord, other.AfterWord), join(AfterOther, other.AfterOther));
}
