using System.Runtime.CompilerServices;
using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>
/// Makes nodes of a parsed pattern, from its end to its beginning: each part is given all that follows it, so that look-ahead is an intersection
/// with what follows and <c>$</c> asks that nothing does.
/// </summary>
internal sealed class Lowering(NodePool pool)
{
    private readonly PartLowering parts = new(pool);
    private readonly Dictionary<(PatternTree Tree, bool IsAtStart), Node?> turns = new(new ByReference());
    private string? problem;

    /// <summary>The texts in which the pattern matches somewhere.</summary>
    public Result Search(PatternTree tree) => Finish(Before(pool.All, Lower(tree, new(pool.All))).AtStart);

    /// <summary>The texts that the pattern matches from their first to their last character.</summary>
    public Result Whole(PatternTree tree) => Finish(Lower(tree, new(pool.Epsilon)).AtStart);

    private Result Finish(Node node) => problem is null ? new(node, null) : new(null, problem);

    private Continuation Lower(PatternTree tree, Continuation rest)
    {
        switch (tree)
        {
            case PatternTree.Sequence sequence:
                return Sequence(sequence.Items, rest);
            case PatternTree.Choice choice:
                var options = choice.Options.Select(option => Lower(option, rest)).ToArray();
                return Array.TrueForAll(options, static o => o.IsSame)
                    ? new(pool.Or(Array.ConvertAll(options, static o => o.AtStart)))
                    : new(
                        pool.Or(Array.ConvertAll(options, static o => o.AtStart)),
                        pool.Or(Array.ConvertAll(options, static o => o.AfterWord)),
                        pool.Or(Array.ConvertAll(options, static o => o.AfterOther)));
            case PatternTree.Start:
                return rest with { AfterWord = pool.Empty, AfterOther = pool.Empty };
            case PatternTree.End:
                return rest.Map(node => pool.And(pool.Epsilon, node));
            case PatternTree.LookAhead look:
                return rest.Zip(Look(look), (node, condition) => pool.And(node, condition));
            case PatternTree.WordBoundary boundary:
                return Boundary(boundary, rest);
            case PatternTree.Repetition { HasAssertions: true } repetition:
                return Repetition(repetition, rest);
            default:
                return Before(parts.Lower(tree), rest);
        }
    }

    private Continuation Sequence(IReadOnlyList<PatternTree> items, Continuation rest)
    {
        // Parts without assertions that stand side by side become one node before anything follows them.
        for (var end = items.Count; end > 0;)
        {
            var start = end;
            while (start > 0 && !items[start - 1].HasAssertions)
                start--;

            if (start == end)
                rest = Lower(items[--end], rest);
            else
                (rest, end) = (Before(parts.Sequence(items, start, end), rest), start);
        }

        return rest;
    }

    private Continuation Look(PatternTree.LookAhead look)
    {
        var ahead = Lower(look.Body, new(pool.All));
        return look.IsNegated ? ahead.Map(pool.Not) : ahead;
    }

    private Continuation Boundary(PatternTree.WordBoundary boundary, Continuation rest)
    {
        var word = pool.Concat(parts.Word, pool.All);
        var other = pool.Not(word);
        var (afterWord, afterOther) = boundary.IsNegated ? (word, other) : (other, word);
        return new(pool.And(afterOther, rest.AtStart), pool.And(afterWord, rest.AfterWord), pool.And(afterOther, rest.AfterOther));
    }

    // A part that looks at nothing, then the rest: which depends on the part's last character where the rest looks back.
    private Continuation Before(Node part, Continuation rest)
    {
        if (rest.IsSame)
            return new(pool.Concat(part, rest.AtStart));

        var some = part.IsNullable ? parts.NotEmpty(part) : part;
        var taken = rest.IsSameAfterAny
            ? pool.Concat(some, rest.AfterWord)
            : pool.Or(
                pool.Concat(pool.And(some, pool.Concat(pool.All, parts.Word)), rest.AfterWord),
                pool.Concat(pool.And(some, pool.Concat(pool.All, parts.NotWord)), rest.AfterOther));
        return part.IsNullable ? rest.Map(node => pool.Or(taken, node)) : new(taken);
    }

    // A repeated group with assertions in it: they are asked anew at each turn, of all that follows.
    private Continuation Repetition(PatternTree.Repetition repetition, Continuation rest)
    {
        var (min, max) = (repetition.Min, repetition.Max);
        if (max == 0)
            return rest;

        if (max == 1)
        {
            var once = Lower(repetition.Body, rest);
            return min == 1 ? once : once.Zip(rest, (taken, skipped) => pool.Or(taken, skipped));
        }

        var (first, further) = (Turn(repetition.Body, isAtStart: true), Turn(repetition.Body, isAtStart: false));
        if (first is null || further is null || !rest.IsSameAfterAny)
            return Refuse("a word boundary in or after a repeated group with assertions, which is not supported,");

        if (rest.IsSame && ReferenceEquals(first, further) && (min <= 1 || IsNeverEmpty(first)))
            return new(pool.Concat(pool.Repeat(first, min, max), rest.AtStart));

        if (!IsNeverEmpty(first) || !IsNeverEmpty(further))
            return Refuse("a repeated group that has assertions and may be empty, which is not supported here,");

        var after = pool.Concat(pool.Repeat(further, min, max), rest.AfterWord);
        var others = pool.Repeat(further, Math.Max(min - 1, 0), max == Node.Unbounded ? max : max - 1);
        var start = pool.Concat(first, pool.Concat(others, rest.AfterWord));
        return new(min == 0 ? pool.Or(start, rest.AtStart) : start, after, after);
    }

    private bool IsNeverEmpty(Node part) => ReferenceEquals(part.Condition(pool), pool.Empty);

    // One turn of a repeated group as a part whose conditions look at what follows; null where a word boundary looks back.
    private Node? Turn(PatternTree tree, bool isAtStart)
    {
        if (!turns.TryGetValue((tree, isAtStart), out var node))
            turns.Add((tree, isAtStart), node = MakeTurn(tree, isAtStart));

        return node;
    }

    private Node? MakeTurn(PatternTree tree, bool isAtStart)
    {
        switch (tree)
        {
            case { HasAssertions: false }:
                return parts.Lower(tree);
            case PatternTree.Start:
                return isAtStart ? pool.Epsilon : pool.Empty;
            case PatternTree.End:
                return pool.Look(pool.Epsilon);
            case PatternTree.LookAhead look:
                var condition = Look(look);
                return !condition.IsSameAfterAny ? null : pool.Look(isAtStart ? condition.AtStart : condition.AfterWord);
            case PatternTree.Choice choice:
                var options = choice.Options.Select(option => Turn(option, isAtStart)).ToArray();
                return Array.TrueForAll(options, static o => o is not null) ? pool.Or(options!) : null;
            case PatternTree.Repetition { Max: 0 }:
                return pool.Epsilon;
            case PatternTree.Repetition inner when Turn(inner.Body, isAtStart: false) is { } body && (inner.Min <= 1 || IsNeverEmpty(body)):
                return !isAtStart || ReferenceEquals(body, Turn(inner.Body, isAtStart: true)) ? pool.Repeat(body, inner.Min, inner.Max) : null;
            case PatternTree.Sequence sequence:
                return SequenceTurn(sequence, isAtStart);
            default:
                return null;
        }
    }

    private Node? SequenceTurn(PatternTree.Sequence sequence, bool isAtStart)
    {
        List<Node> nodes = [];
        foreach (var item in sequence.Items)
        {
            if (Turn(item, isAtStart) is not { } node)
                return null;

            // After what may but need not be empty, the start is both here and behind.
            if (isAtStart && !IsNeverEmpty(node) && item is PatternTree.Repetition or PatternTree.Choice && !ReferenceEquals(node, Turn(item, isAtStart: false)))
                return null;

            isAtStart &= !IsNeverEmpty(node);
            nodes.Add(node);
        }

        var result = (Node)pool.Epsilon;
        for (var i = nodes.Count - 1; i >= 0; i--)
            result = pool.Concat(nodes[i], result);

        return result;
    }

    private Continuation Refuse(string reason)
    {
        problem ??= reason;
        return new(pool.Empty);
    }

    private sealed class ByReference : IEqualityComparer<(PatternTree Tree, bool IsAtStart)>
    {
        public bool Equals((PatternTree Tree, bool IsAtStart) x, (PatternTree Tree, bool IsAtStart) y) =>
            ReferenceEquals(x.Tree, y.Tree) && x.IsAtStart == y.IsAtStart;

        public int GetHashCode((PatternTree Tree, bool IsAtStart) obj) => RuntimeHelpers.GetHashCode(obj.Tree);
    }

    /// <summary>The node, or why there is none.</summary>
    public sealed record Result(Node? Node, string? Problem);
}
