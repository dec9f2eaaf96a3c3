namespace Penstock.Constraints.Json.Schemas;

/// <summary>One keyword at one place of a schema.</summary>
/// <param name="Pointer">JSON pointer of the keyword's value, from the document's root.</param>
/// <param name="Keyword">The keyword.</param>
/// <param name="Treatment">What becomes of it.</param>
/// <param name="Note">Why, where that is not plain; else null.</param>
public sealed record KeywordUse(string Pointer, string Keyword, KeywordTreatment Treatment, string? Note = null);
