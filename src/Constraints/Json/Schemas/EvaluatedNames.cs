using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>The properties that some keywords have evaluated, which <c>unevaluatedProperties</c> leaves alone.</summary>
/// <param name="All">Whether all.</param>
/// <param name="Names">Those by name.</param>
/// <param name="Patterns">Those by pattern.</param>
internal sealed record EvaluatedNames(bool All, IReadOnlyList<string> Names, IReadOnlyList<Language> Patterns)
{
    public static EvaluatedNames None { get; } = new(false, [], []);

    public static EvaluatedNames Every { get; } = new(true, [], []);

    public bool IsNone => !All && Names.Count == 0 && Patterns.Count == 0;

    public EvaluatedNames With(EvaluatedNames other)
    {
        if (IsNone || other.All)
        {
            return other;
        }

        return All || other.IsNone ? this : new(false, [.. Names.Union(other.Names)], [.. Patterns.Union(other.Patterns)]);
    }
}
