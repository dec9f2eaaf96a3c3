using System.Text;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>Python's <c>str.replace</c>; an empty text to replace is found before every code point and at the end.</summary>
internal static class Replacing
{
    public static string Replace(string text, Arguments arguments, Budget budget)
    {
        var (old, replacement) = (arguments.String(0, "old"), arguments.String(1, "new"));
        var count = arguments.Integer(2, "count") ?? -1;
        budget.Characters(text.Length);
        var result = new StringBuilder();
        int copied = 0, from = 0;
        for (var left = count < 0 ? int.MaxValue : count; left > 0 && from <= text.Length; left--)
        {
            var found = text.IndexOf(old, from, StringComparison.Ordinal);
            if (found < 0) break;
            budget.Characters(replacement.Length);
            result.Append(text, copied, found - copied).Append(replacement);
            copied = found + old.Length;
            from = old.Length > 0 ? copied : found + CodePointLength(text, found);
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    private static int CodePointLength(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text, at) ? 2 : 1;
}
