using System.Globalization;
using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>
/// What <c>\p{...}</c> can name: the general categories with the aliases of Unicode's PropertyValueAliases.txt, and <c>Any</c>, <c>ASCII</c>,
/// <c>Assigned</c>. Categories are those of .NET's Unicode version.
/// </summary>
internal static class UnicodeProperties
{
    // In the order of UnicodeCategory.
    private static readonly string[][] Categories =
    [
        ["Lu", "Uppercase_Letter"], ["Ll", "Lowercase_Letter"], ["Lt", "Titlecase_Letter"], ["Lm", "Modifier_Letter"], ["Lo", "Other_Letter"],
        ["Mn", "Nonspacing_Mark"], ["Mc", "Spacing_Mark"], ["Me", "Enclosing_Mark"],
        ["Nd", "Decimal_Number", "digit"], ["Nl", "Letter_Number"], ["No", "Other_Number"],
        ["Zs", "Space_Separator"], ["Zl", "Line_Separator"], ["Zp", "Paragraph_Separator"],
        ["Cc", "Control", "cntrl"], ["Cf", "Format"], ["Cs", "Surrogate"], ["Co", "Private_Use"],
        ["Pc", "Connector_Punctuation"], ["Pd", "Dash_Punctuation"], ["Ps", "Open_Punctuation"], ["Pe", "Close_Punctuation"],
        ["Pi", "Initial_Punctuation"], ["Pf", "Final_Punctuation"], ["Po", "Other_Punctuation"],
        ["Sm", "Math_Symbol"], ["Sc", "Currency_Symbol"], ["Sk", "Modifier_Symbol"], ["So", "Other_Symbol"],
        ["Cn", "Unassigned"],
    ];

    private static readonly Dictionary<string, string> Groups = new(StringComparer.Ordinal)
    {
        ["L"] = "L",
        ["Letter"] = "L",
        ["M"] = "M",
        ["Mark"] = "M",
        ["Combining_Mark"] = "M",
        ["N"] = "N",
        ["Number"] = "N",
        ["P"] = "P",
        ["Punctuation"] = "P",
        ["punct"] = "P",
        ["S"] = "S",
        ["Symbol"] = "S",
        ["Z"] = "Z",
        ["Separator"] = "Z",
        ["C"] = "C",
        ["Other"] = "C",
    };

    private static readonly Lazy<CodePointSet[]> Sets = new(Scan);

    /// <summary>The set of a property expression such as <c>Lu</c>, <c>Letter</c> or <c>gc=Nd</c>; null where it is not known here.</summary>
    public static CodePointSet? Find(string expression)
    {
        var value = expression;
        foreach (var prefix in (ReadOnlySpan<string>)["General_Category=", "gc="])
        {
            if (expression.StartsWith(prefix, StringComparison.Ordinal))
                value = expression[prefix.Length..];
        }

        var category = Array.FindIndex(Categories, names => names.Contains(value, StringComparer.Ordinal));
        if (category >= 0)
            return Sets.Value[category];

        if (Groups.TryGetValue(value, out var group))
            return Union(name => name.StartsWith(group, StringComparison.Ordinal));

        return expression switch
        {
            "LC" or "Cased_Letter" => Union(static name => name is "Lu" or "Ll" or "Lt"),
            "Any" => CodePointSet.All,
            "ASCII" => CodePointSet.Of((0, 0x7F)),
            "Assigned" => Union(static name => name != "Cn"),
            _ => null,
        };
    }

    private static CodePointSet Union(Predicate<string> isIn)
    {
        var set = CodePointSet.None;
        for (var i = 0; i < Categories.Length; i++)
        {
            if (isIn(Categories[i][0]))
                set = set.Union(Sets.Value[i]);
        }

        return set;
    }

    private static CodePointSet[] Scan()
    {
        var ranges = new List<(int, int)>[Categories.Length];
        for (var i = 0; i < ranges.Length; i++)
            ranges[i] = [];

        var first = 0;
        for (var codePoint = 1; codePoint <= 0x110000; codePoint++)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(first);
            if (codePoint <= 0x10FFFF && CharUnicodeInfo.GetUnicodeCategory(codePoint) == category)
                continue;

            ranges[(int)category].Add((first, codePoint - 1));
            first = codePoint;
        }

        return Array.ConvertAll(ranges, static r => CodePointSet.Of(r.ToArray()));
    }
}
