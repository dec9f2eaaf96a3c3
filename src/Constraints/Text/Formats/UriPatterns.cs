namespace Penstock.Constraints.Text.Formats;

/// <summary>RFC 3986's URIs, RFC 3987's IRIs and RFC 6570's templates, by their grammars.</summary>
internal static class UriPatterns
{
    private const string Encoded = "%[0-9A-Fa-f]{2}";
    private const string Scheme = @"[A-Za-z][A-Za-z0-9+\-.]*:";
    private const string SubDelimiters = "!$&'()*+,;=";
    private const string Unreserved = @"A-Za-z0-9\-._~";

    // ucschar and iprivate.
    private const string Unicode =
        @"\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{1fffd}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}\u{40000}-\u{4fffd}\u{50000}-\u{5fffd}\u{60000}-\u{6fffd}" +
        @"\u{70000}-\u{7fffd}\u{80000}-\u{8fffd}\u{90000}-\u{9fffd}\u{a0000}-\u{afffd}\u{b0000}-\u{bfffd}\u{c0000}-\u{cfffd}\u{d0000}-\u{dfffd}\u{e1000}-\u{efffd}";

    private const string Private = @"\ue000-\uf8ff\u{f0000}-\u{ffffd}\u{100000}-\u{10fffd}";

    private const string VariableCharacter = "(?:[A-Za-z0-9_]|" + Encoded + ")";
    private const string Variable = VariableCharacter + @"(?:\.?" + VariableCharacter + @")*(?:\*|:[1-9]\d{0,3})?";

    /// <summary>With the apostrophe that RFC 6570's erratum 6937 lets into literals, and the operators that have a meaning.</summary>
    public const string Template =
        @"(?:[!#$&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~" + Unicode + Private + "]|" + Encoded + @"|\{[+#./;?&]?" + Variable + "(?:," + Variable + @")*\})*";

    public static string Uri { get; } = Absolute("", "");

    public static string UriReference { get; } = $"(?:{Absolute("", "")}|{Relative("", "")})";

    public static string Iri { get; } = Absolute(Unicode, Private);

    public static string IriReference { get; } = $"(?:{Absolute(Unicode, Private)}|{Relative(Unicode, Private)})";

    // Something follows the scheme: the grammar allows a bare "a:", validators in use do not.
    private static string Absolute(string letters, string inQuery) =>
        $"{Scheme}(?:{Authority(letters)}{Segments(letters)}|/(?:{Segment(letters)}+{Segments(letters)})?|{Segment(letters)}+{Segments(letters)}){End(letters, inQuery)}";

    private static string Relative(string letters, string inQuery) =>
        $"(?:{Authority(letters)}{Segments(letters)}|/(?:{Segment(letters)}+{Segments(letters)})?|{SegmentWithoutColon(letters)}+{Segments(letters)}|){End(letters, inQuery)}";

    private static string Authority(string letters) =>
        $"//(?:(?:[{Unreserved}{SubDelimiters}:{letters}]|{Encoded})*@)?" +
        $"(?:\\[(?:{AddressPatterns.IPv6}|[Vv][0-9A-Fa-f]+\\.[{Unreserved}{SubDelimiters}:]+)\\]|(?:[{Unreserved}{SubDelimiters}{letters}]|{Encoded})*)(?::\\d*)?";

    private static string Segments(string letters) => $"(?:/{Segment(letters)}*)*";

    private static string Segment(string letters) => $"(?:[{Unreserved}{SubDelimiters}:@{letters}]|{Encoded})";

    private static string SegmentWithoutColon(string letters) => $"(?:[{Unreserved}{SubDelimiters}@{letters}]|{Encoded})";

    private static string End(string letters, string inQuery) =>
        $"(?:\\?(?:[{Unreserved}{SubDelimiters}:@/?{letters}{inQuery}]|{Encoded})*)?(?:#(?:[{Unreserved}{SubDelimiters}:@/?{letters}]|{Encoded})*)?";
}
