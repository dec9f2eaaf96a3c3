using Penstock.Constraints.Json.Formulas;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>The items that some keywords have evaluated, which <c>unevaluatedItems</c> leaves alone.</summary>
/// <param name="Count">How many of the first; <see cref="int.MaxValue"/> for all.</param>
/// <param name="Matching">Every item that one of these holds for, wherever it is: <c>contains</c>.</param>
internal sealed record EvaluatedItems(int Count, IReadOnlyList<Formula> Matching)
{
    public static EvaluatedItems None { get; } = new(0, []);

    public static EvaluatedItems Every { get; } = new(int.MaxValue, []);

    public bool IsNone => Count == 0 && Matching.Count == 0;

    public EvaluatedItems With(EvaluatedItems other) => new(Math.Max(Count, other.Count), [.. Matching.Union(other.Matching)]);
}
