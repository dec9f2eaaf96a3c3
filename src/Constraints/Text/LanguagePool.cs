using Penstock.Constraints.Text.Ecma;
using Penstock.Constraints.Text.Formats;
using Penstock.Constraints.Text.Nodes;
using Penstock.Contracts;

namespace Penstock.Constraints.Text;

/// <summary>
/// Makes languages and keeps what they share: nodes and states that were found to be equal are one object. One pool a compiled constraint; not
/// thread-safe, and neither are its languages and states.
/// </summary>
/// <remarks>
/// Regular languages with intersection and complement by derivatives: J. A. Brzozowski, "Derivatives of regular expressions" (1964); S. Owens,
/// J. Reppy, A. Turon, "Regular-expression derivatives re-examined" (2009). Past a bound every member may throw
/// <see cref="ConstraintLimitException"/>.
/// </remarks>
public sealed class LanguagePool
{
    private readonly Dictionary<string, Language> formats = new(StringComparer.Ordinal);

    public LanguagePool(TextLimits limits)
    {
        Limits = limits;
        Nodes = new NodePool(limits);
        Search = new EndingSearch(Nodes, limits);
        All = Of(Nodes.All);
        None = Of(Nodes.Empty);
    }

    /// <summary>Every text.</summary>
    public Language All { get; }

    /// <summary>No text.</summary>
    public Language None { get; }

    /// <summary>The compile's time, looked at while nodes are made; null once the constraint is in use.</summary>
    public ConstraintDeadline? Deadline
    {
        get => Nodes.Deadline;
        set => Nodes.Deadline = value;
    }

    internal TextLimits Limits { get; }

    internal NodePool Nodes { get; }

    internal EndingSearch Search { get; }

    /// <summary>One text.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public Language Literal(ReadOnlySpan<byte> utf8) => Of(Nodes.Tries.Literal(utf8));

    /// <summary>A set of texts, each valid UTF-8; costs as much as their bytes, and a step in it as much as one in a single text.</summary>
    public Language AnyOf(IEnumerable<byte[]> literals) => Of(Nodes.Tries.AnyOf(literals));

    /// <summary>
    /// The texts in which an ECMA 262 pattern finds a match, as JSON Schema's <c>pattern</c> means it: not anchored, by code points (the <c>u</c> flag).
    /// </summary>
    public Outcome<Language> Pattern(string ecma) => Of(PatternCompiler.Search(Nodes, Limits, ecma));

    /// <summary>The texts that an ECMA 262 pattern matches from the first to the last character.</summary>
    public Outcome<Language> WholePattern(string ecma) => Of(PatternCompiler.Whole(Nodes, Limits, ecma));

    /// <summary>The texts of a JSON Schema <c>format</c>; all texts where the name is not known, which makes it an annotation.</summary>
    public Language Format(string name)
    {
        if (!formats.TryGetValue(name, out var language))
            formats.Add(name, language = Of(FormatCatalog.Find(Nodes, name) ?? Nodes.All));

        return language;
    }

    /// <summary>Whether <see cref="Format(string)"/> enforces this format.</summary>
    public static bool IsFormat(string name) => FormatCatalog.IsKnown(name);

    public Language And(params ReadOnlySpan<Language> languages) => Of(Nodes.And(NodesOf(languages)));

    public Language Or(params ReadOnlySpan<Language> languages) => Of(Nodes.Or(NodesOf(languages)));

    /// <summary>Every text that is not in the language.</summary>
    public Language Not(Language language) => Of(Nodes.Not(language.Node));

    public Language Difference(Language from, Language without) => And(from, Not(without));

    /// <summary>The texts of so many code points. States grow with <paramref name="max"/> as they are reached.</summary>
    public Language Lengths(long min, long max) => Of(Nodes.Repeat(
        Nodes.AnyCharacter,
        (int)Math.Clamp(min, 0, int.MaxValue - 1),
        max >= int.MaxValue ? Node.Unbounded : (int)Math.Max(max, -1)));

    internal TextState? StateOf(Node node) => node.State ?? (Search.IsLive(node) ? node.State = new TextState(this, node) : null);

    private Language Of(Node node) => node.Language ??= new Language(this, node);

    private Outcome<Language> Of(Outcome<Node> node) => node.Ok ? Of(node.Value) : node.Error;

    private Node[] NodesOf(ReadOnlySpan<Language> languages)
    {
        var nodes = new Node[languages.Length];
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = ReferenceEquals(languages[i].Pool, this) ? languages[i].Node : throw new ArgumentException("The language is of another pool.");

        return nodes;
    }
}
