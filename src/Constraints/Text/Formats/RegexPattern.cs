using System.Text;
using Penstock.Constraints.Text.Ecma;
using Penstock.Constraints.Text.Nodes;

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

    private const string Quantifier = "(?:(?:[*+?]|" + Count + @")\??)?";

    // Alternatives may be empty, so that a bar stands wherever an item may.
    private static readonly Lazy<PatternTree> Item = FormatCatalog.Parse(static () => $@"{Single}{Quantifier}|[\^$|]|\\[bB]");
    private static readonly Lazy<PatternTree> Open = FormatCatalog.Parse(static () => @"\((?:\?:)?");
    private static readonly Lazy<PatternTree> Close = FormatCatalog.Parse(static () => @"\)" + Quantifier);
    private static readonly Lazy<PatternTree> OpenLook = FormatCatalog.Parse(static () => @"\(\?<?[=!]");

    public static Node Lower(NodePool pool)
    {
        var parts = new PartLowering(pool);
        var item = parts.Lower(Item.Value);
        var whole = pool.Repeat(item, 0, Node.Unbounded);
        for (var depth = 0; depth < Depth; depth++)
        {
            var group = pool.Concat(parts.Lower(Open.Value), pool.Concat(whole, parts.Lower(Close.Value)));
            var look = pool.Concat(parts.Lower(OpenLook.Value), pool.Concat(whole, pool.Tries.Literal(")"u8)));
            whole = pool.Repeat(pool.Or(item, group, look), 0, Node.Unbounded);
        }

        return whole;
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
