using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>
/// Parses ECMA 262 patterns (Annex B's leniency where the <c>u</c> flag would refuse what schemas in use write: <c>\-</c>, a lone <c>{</c> or
/// <c>]</c>), matched by code points as with the <c>u</c> flag. What membership in a regular language cannot say is refused by name.
/// </summary>
internal sealed class PatternParser(string text, int maxNesting)
{
    private readonly PatternReader reader = new(text);
    private int nesting;

    /// <summary>Why <see cref="Parse"/> gave null.</summary>
    public string? Error => reader.Error;

    public PatternTree? Parse()
    {
        if (Choice() is not { } tree)
            return null;

        return reader.IsAtEnd ? tree : reader.Fail("an unmatched )");
    }

    private PatternTree? Choice()
    {
        List<PatternTree> options = [];
        do
        {
            if (Sequence() is not { } option)
                return null;

            options.Add(option);
        }
        while (reader.Take("|"));

        return options.Count == 1 ? options[0] : new PatternTree.Choice(options);
    }

    private PatternTree? Sequence()
    {
        List<PatternTree> items = [];
        while (!reader.IsAtEnd && reader.Peek() is not '|' and not ')')
        {
            var start = reader.At;
            if (Term() is not { } term || Quantified(term, start) is not { } item)
                return null;

            items.Add(item);
        }

        return items.Count == 1 ? items[0] : new PatternTree.Sequence(items);
    }

    private PatternTree? Term()
    {
        switch (reader.Peek())
        {
            case '^':
                reader.At++;
                return new PatternTree.Start();
            case '$':
                reader.At++;
                return new PatternTree.End();
            case '(':
                return Group();
            case '[':
                return Set(ClassParser.Parse(reader));
            case '\\':
                return Escape();
            case '.':
                reader.At++;
                return new PatternTree.Characters(CharacterClasses.Dot);
            case '*' or '+' or '?':
                return reader.Fail("a quantifier with nothing to repeat");
            default:
                var codePoint = reader.TakeCodePoint();
                return new PatternTree.Characters(CodePointSet.Of((codePoint, codePoint)));
        }
    }

    private PatternTree? Group()
    {
        var start = reader.At++;
        bool? isNegatedLook = null;
        if (reader.Take("?=") || reader.Take("?!"))
            isNegatedLook = reader.Peek(-1) == '!';
        else if (reader.Take("?<=") || reader.Take("?<!"))
            return reader.Fail("a look-behind, which is not supported,", start);
        else if (reader.Take("?<") && !IsGroupName(reader.TakeUntil('>')))
            return reader.Fail("a group with an invalid name", start);
        else if (reader.Peek() == '?' && !reader.Take("?:"))
            return reader.Fail("a group of an unknown kind (inline flags are not supported)", start);

        if (++nesting > maxNesting)
            return reader.Fail($"groups nested more than {maxNesting} deep", start);

        var body = Choice();
        nesting--;
        if (body is null)
            return null;

        if (!reader.Take(")"))
            return reader.Fail("an unclosed (", start);

        return isNegatedLook is { } isNegated ? new PatternTree.LookAhead(body, isNegated) : body;
    }

    private PatternTree? Escape()
    {
        var start = reader.At;
        reader.At++;
        var letter = reader.Peek();
        if (letter is 'b' or 'B')
        {
            reader.At++;
            return new PatternTree.WordBoundary(letter == 'B');
        }

        return letter is (>= '1' and <= '9') or 'k'
            ? reader.Fail("a back-reference, which no finite automaton can follow,", start)
            : Set(EscapeParser.Parse(reader, start));
    }

    private PatternTree? Quantified(PatternTree body, int start)
    {
        var (min, max) = (1, 1);
        switch (reader.Peek())
        {
            case '*':
                (min, max) = (0, Node.Unbounded);
                reader.At++;
                break;
            case '+':
                (min, max) = (1, Node.Unbounded);
                reader.At++;
                break;
            case '?':
                (min, max) = (0, 1);
                reader.At++;
                break;
            default:
                if (!TakeCounts(ref min, ref max))
                    return body;

                break;
        }

        if (max < min)
            return reader.Fail("a quantifier whose maximum is below its minimum", start);

        if (body is PatternTree.Start or PatternTree.End or PatternTree.WordBoundary)
            return reader.Fail("a quantifier with nothing to repeat", start);

        // Lazy or greedy makes no difference to which texts match.
        reader.Take("?");
        return reader.Peek() is '*' or '+' or '?' ? reader.Fail("a quantifier with nothing to repeat") : new PatternTree.Repetition(body, min, max);
    }

    // {n}, {n,} or {n,m}; anything else that begins with a brace stands for itself.
    private bool TakeCounts(ref int min, ref int max)
    {
        var start = reader.At;
        if (reader.Take("{") && reader.TakeNumber() is { } first)
        {
            var last = reader.Take(",") ? reader.TakeNumber() ?? Node.Unbounded : first;
            if (reader.Take("}"))
            {
                (min, max) = (first, last);
                return true;
            }
        }

        reader.At = start;
        return false;
    }

    private static bool IsGroupName(string? name) =>
        name is { Length: > 0 } && !char.IsDigit(name[0]) && name.All(static c => char.IsLetterOrDigit(c) || c is '_' or '$' || c >= 0x80);

    private static PatternTree.Characters? Set(CodePointSet? set) => set is null ? null : new PatternTree.Characters(set);
}
