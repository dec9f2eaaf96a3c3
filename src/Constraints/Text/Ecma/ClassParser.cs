using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>Character classes: <c>[a-z\d]</c>.</summary>
internal static class ClassParser
{
    /// <summary>The set of the class that begins here; null after a failure.</summary>
    public static CodePointSet? Parse(PatternReader reader)
    {
        var start = reader.At++;
        var isNegated = reader.Take("^");
        List<(int, int)> ranges = [];
        while (!reader.Take("]"))
        {
            if (reader.IsAtEnd)
                return Fail(reader, "an unclosed [", start);

            var at = reader.At;
            if (Atom(reader) is not { } first)
                return null;

            // A dash is a range only between two characters; beside a class such as \w it stands for itself (Annex B).
            if (first.Single is { } low && reader.Peek() == '-' && reader.Peek(1) is not ']' and not '\0')
            {
                reader.At++;
                if (Atom(reader) is not { } second)
                    return null;

                if (second.Single is { } high)
                {
                    if (high < low)
                        return Fail(reader, "a range whose ends are the wrong way round", at);

                    ranges.Add((low, high));
                    continue;
                }

                ranges.Add(('-', '-'));
                Add(ranges, second.Set);
            }

            Add(ranges, first.Set);
        }

        var set = CodePointSet.Of(ranges.ToArray());
        return isNegated ? set.Complement() : set;
    }

    private static ClassAtom? Atom(PatternReader reader)
    {
        var start = reader.At;
        if (!reader.Take("\\"))
            return ClassAtom.Of(reader.TakeCodePoint());

        if (reader.Take("b"))
            return ClassAtom.Of('\b');

        // A surrogate alone is in no text, but it may end a range.
        if (reader.Peek() is 'u' && EscapeParser.Character(reader, start) is { } codePoint)
            return ClassAtom.Of(codePoint);

        return reader.Error is null && EscapeParser.Parse(reader, start) is { } set ? ClassAtom.Of(set) : null;
    }

    private static void Add(List<(int, int)> ranges, CodePointSet set)
    {
        foreach (var range in set.Ranges)
            ranges.Add((range.First, range.Last));
    }

    private static CodePointSet? Fail(PatternReader reader, string problem, int at)
    {
        reader.Fail(problem, at);
        return null;
    }

    private sealed record ClassAtom(CodePointSet Set, int? Single)
    {
        public static ClassAtom Of(int codePoint) => new(CodePointSet.Of((codePoint, codePoint)), codePoint);

        public static ClassAtom Of(CodePointSet set) => new(set, set.Ranges is [var range] && range.First == range.Last ? range.First : null);
    }
}
