namespace Penstock.Constraints.Json.Shapes;

/// <summary>A count of the items of an array that are of some term.</summary>
/// <param name="Matching">The items that count.</param>
/// <param name="Other">Its complement, where <paramref name="Max"/> bounds the count; else null, and an item that would match need not be counted.</param>
/// <param name="Min">Least count.</param>
/// <param name="Max">Largest count, or <see cref="int.MaxValue"/>.</param>
/// <param name="From">The first index that counts: 0 but where a rule comes from the negation of <c>items</c>.</param>
public sealed record ContainsRule(SchemaTerm Matching, SchemaTerm? Other, int Min, int Max, int From = 0);
