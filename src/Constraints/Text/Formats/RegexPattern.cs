using System.Text;

namespace Penstock.Constraints.Text.Formats;

/// <summary>
/// Patterns that ECMA 262 takes with and without the <c>u</c> flag. Groups nest without end, which no automaton follows: here three deep; no
/// back-references and no names, whose targets would have to be counted.
/// </summary>
internal static class RegexPattern
{
    private const int Depth = 3;
    private const string Escape = @"\\(?:[\^$\\.*+?()\[\]{}|/dDsSwWtnvfr]|c[A-Za-z]|x[0-9A-Fa-f]{2}|u[0-9A-Ca-cE-Fe-f][0-9A-Fa-f]{3})";
    private const string ClassCharacter = @"(?:[^\\\]\-\r\n\u2028\u2029]|" + Escape + "|\\\\-)";
    private const string Count = @"\{(?:\d{1,4},?|0,\d{1,4}|[1-9],\d{2,4}|\d{2},\d{3,4})\}";

    private static readonly string Single = $"(?:[^\\^$\\\\.*+?()\\[\\]{{}}|\\r\\n\\u2028\\u2029]|\\.|{Escape}|{Class()})";

    public static string Whole { get; } = Alternatives(Depth);

    // Alternatives may be empty, so that a bar stands wherever an item may.
    private static string Alternatives(int depth)
    {
        const string Quantifier = "(?:(?:[*+?]|" + Count + ")\\??)?";
        var groups = depth == 0 ? "" : $"|\\((?:\\?:)?{Alternatives(depth - 1)}\\){Quantifier}|\\(\\?<?[=!]{Alternatives(depth - 1)}\\)";
        return $"(?:{Single}{Quantifier}|[\\^$|]|\\\\[bB]{groups})*";
    }

    // A dash stands at an end of the class or between two ASCII letters or digits that are in order.
    private static string Class()
    {
        var ranges = new StringBuilder();
        foreach (var (first, last) in (ReadOnlySpan<(char, char)>)[('0', '9'), ('A', 'Z'), ('a', 'z')])
        {
            for (var low = first; low <= last; low++)
                ranges.Append(ranges.Length == 0 ? "" : "|").Append(low).Append("-[").Append(low).Append('-').Append(last).Append(']');
        }

        return $"\\[\\^?-?(?:{ClassCharacter}|{ranges})*-?\\]";
    }
}
