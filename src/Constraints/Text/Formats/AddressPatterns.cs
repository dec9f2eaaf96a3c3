namespace Penstock.Constraints.Text.Formats;

/// <summary>Names and addresses of hosts and mailboxes.</summary>
internal static class AddressPatterns
{
    private const string Octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

    public const string IPv4 = Octet + @"\." + Octet + @"\." + Octet + @"\." + Octet;

    private const string Group = "[0-9A-Fa-f]{1,4}";
    private const string LastTwo = "(?:" + Group + ":" + Group + "|" + IPv4 + ")";

    /// <summary>RFC 3986's IPv6address, which is RFC 4291's text without zones.</summary>
    public const string IPv6 =
        "(?:(?:" + Group + ":){6}" + LastTwo +
        "|::(?:" + Group + ":){5}" + LastTwo +
        "|(?:" + Group + ")?::(?:" + Group + ":){4}" + LastTwo +
        "|(?:(?:" + Group + ":){0,1}" + Group + ")?::(?:" + Group + ":){3}" + LastTwo +
        "|(?:(?:" + Group + ":){0,2}" + Group + ")?::(?:" + Group + ":){2}" + LastTwo +
        "|(?:(?:" + Group + ":){0,3}" + Group + ")?::" + Group + ":" + LastTwo +
        "|(?:(?:" + Group + ":){0,4}" + Group + ")?::" + LastTwo +
        "|(?:(?:" + Group + ":){0,5}" + Group + ")?::" + Group +
        "|(?:(?:" + Group + ":){0,6}" + Group + ")?::)";

    private const string Alnum = "[A-Za-z0-9]";
    private const string Ldh = "[A-Za-z0-9-]";

    // RFC 1123's label, without hyphens third and fourth: those are A-labels, whose Punycode no automaton checks.
    private const string Label =
        "(?:" + Alnum + "|" + Alnum + Alnum + "|" + Alnum + Ldh + Alnum + "|" + Alnum + Ldh + "(?:" + Alnum + Alnum + "|-" + Alnum + ")" +
        "|" + Alnum + Ldh + "(?:" + Alnum + Ldh + "|-" + Alnum + ")" + Ldh + "{0,58}" + Alnum + ")";

    public const string Hostname = "(?=.{1,253}$)" + Label + @"(?:\." + Label + ")*";

    // Letters that IDNA 2008 takes without asking for their neighbours, none of which is written from right to left; so few that the A-label stays below 64.
    private const string UnicodeLabel =
        @"[a-z0-9\u00df-\u00f6\u00f8-\u00ff\u03ac-\u03ce\u0430-\u045f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]{1,14}";

    public const string InternationalHostname = "(?=.{1,253}$)(?:" + Label + "|" + UnicodeLabel + @")(?:[.\u3002\uff0e\uff61](?:" + Label + "|" + UnicodeLabel + "))*";

    private const string AtomText = @"A-Za-z0-9!#$%&'*+/=?^_`{|}~\-";
    private const string MailLabel = Alnum + "(?:" + Ldh + "*" + Alnum + ")?";
    private const string Literal = @"\[(?:" + IPv4 + "|[Ii][Pp][Vv]6:" + IPv6 + @")\]";

    /// <summary>RFC 5321's Mailbox.</summary>
    public const string Email =
        "(?:[" + AtomText + @"]+(?:\.[" + AtomText + "]+)*|\"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\x20-\\x7e])*\")@(?:" + MailLabel + @"(?:\." + MailLabel + ")*|" + Literal + ")";

    private const string NonAscii = @"\x80-\u{10ffff}";
    private const string InternationalMailLabel = "[A-Za-z0-9" + NonAscii + "](?:[A-Za-z0-9" + NonAscii + "-]*[A-Za-z0-9" + NonAscii + "])?";

    /// <summary>RFC 6531's: the same with any character beyond ASCII.</summary>
    public const string InternationalEmail =
        "(?:[" + AtomText + NonAscii + @"]+(?:\.[" + AtomText + NonAscii + "]+)*|\"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e" + NonAscii + "]|\\\\[\\x20-\\x7e])*\")@(?:"
        + InternationalMailLabel + @"(?:\." + InternationalMailLabel + ")*|" + Literal + ")";
}
