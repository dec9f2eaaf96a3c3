namespace Penstock.Models.Templates.Values;

/// <summary>
/// The order of <c>tojson(sort_keys=true)</c>: the reference dialect's locale order, in which punctuation comes before digits, digits
/// before letters, and case decides only between keys that are otherwise equal. Exact for ASCII; other characters follow by code unit.
/// </summary>
internal static class KeyOrder
{
    private const string Punctuation = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

    public static int Compare(string a, string b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = Rank(a[i]).CompareTo(Rank(b[i]));
            if (order != 0) return order;
        }

        if (a.Length != b.Length) return a.Length.CompareTo(b.Length);
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i]) return char.IsAsciiLetterLower(a[i]) ? -1 : 1;
        }

        return 0;
    }

    private static int Rank(char c) => c switch
    {
        _ when char.IsAsciiLetter(c) => 200 + char.ToLowerInvariant(c),
        _ when char.IsAsciiDigit(c) => 100 + c,
        < '\u0080' => Punctuation.IndexOf(c, StringComparison.Ordinal),
        _ => 1000 + c,
    };
}
