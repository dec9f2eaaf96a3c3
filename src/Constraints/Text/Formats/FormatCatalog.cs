using Penstock.Constraints.Text.Ecma;
using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Formats;

/// <summary>The formats of JSON Schema whose texts an automaton can tell. Each is parsed once a process, and lowered once a pool.</summary>
internal static class FormatCatalog
{
    private const string Pointer = "(?:/(?:[^~/]|~[01])*)*";

    private static readonly Dictionary<string, Func<NodePool, Node>> Formats = new(StringComparer.Ordinal)
    {
        ["date"] = Parsed(static () => DateTimePatterns.Date),
        ["time"] = Parsed(static () => DateTimePatterns.Time),
        ["date-time"] = Parsed(static () => DateTimePatterns.DateTime),
        ["duration"] = Parsed(static () => DateTimePatterns.Duration),
        ["ipv4"] = Parsed(static () => AddressPatterns.IPv4),
        ["ipv6"] = Parsed(static () => AddressPatterns.IPv6),
        ["hostname"] = Parsed(static () => AddressPatterns.Hostname),
        ["idn-hostname"] = Parsed(static () => AddressPatterns.InternationalHostname),
        ["email"] = Parsed(static () => AddressPatterns.Email),
        ["idn-email"] = Parsed(static () => AddressPatterns.InternationalEmail),
        ["uri"] = Parsed(static () => UriPatterns.Uri),
        ["uri-reference"] = Parsed(static () => UriPatterns.UriReference),
        ["iri"] = Parsed(static () => UriPatterns.Iri),
        ["iri-reference"] = Parsed(static () => UriPatterns.IriReference),
        ["uri-template"] = Parsed(static () => UriPatterns.Template),
        ["uuid"] = Parsed(static () => "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"),
        ["json-pointer"] = Parsed(static () => Pointer),
        ["relative-json-pointer"] = Parsed(static () => "(?:0|[1-9][0-9]*)(?:#|" + Pointer + ")"),
        ["regex"] = RegexPattern.Lower,
    };

    public static bool IsKnown(string name) => Formats.ContainsKey(name);

    public static Node? Find(NodePool pool, string name) => Formats.TryGetValue(name, out var lower) ? lower(pool) : null;

    /// <summary>A pattern of the formats' own, parsed when it is first asked for.</summary>
    public static Lazy<PatternTree> Parse(Func<string> pattern) =>
        new(() => new PatternParser(pattern(), maxNesting: 100).Parse() ?? throw new InvalidOperationException("A format's own pattern does not parse."));

    private static Func<NodePool, Node> Parsed(Func<string> pattern)
    {
        var tree = Parse(pattern);
        return pool => new Lowering(pool).Whole(tree.Value).Node ?? throw new InvalidOperationException("A format's own pattern is not supported.");
    }
}
