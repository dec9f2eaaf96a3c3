namespace Penstock.Models.Templates.Values;

/// <summary>Text as JavaScript sees it, where .NET differs.</summary>
internal static class JsText
{
    /// <summary>ECMAScript's WhiteSpace and LineTerminator: with U+FEFF and without U+0085, unlike .NET's.</summary>
    public static bool IsSpace(char c) => c switch
    {
        '\t' or '\n' or '\v' or '\f' or '\r' or ' ' or '\u00A0' or '\u1680' => true,
        '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000' or '\uFEFF' => true,
        _ => c is >= '\u2000' and <= '\u200A',
    };

    public static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    public static string TrimStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return text[start..];
    }

    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return text[..end];
    }

    public static string Trim(string text) => TrimStart(TrimEnd(text));

    /// <summary>Every first letter of an ASCII word in upper case, the rest untouched.</summary>
    public static string Title(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            var starts = IsWord(from[i]) && (i == 0 || !IsWord(from[i - 1]));
            to[i] = starts ? char.ToUpperInvariant(from[i]) : from[i];
        }
    });

    public static string Capitalize(string text) => text.Length == 0 ? text : CaseMapping.Upper(text[..1]) + text[1..];

    /// <summary>The text's code points, a lone surrogate counting as one.</summary>
    public static List<string> CodePoints(string text)
    {
        var points = new List<string>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            points.Add(text.Substring(i, pair ? 2 : 1));
            i += pair ? 1 : 0;
        }

        return points;
    }
}
