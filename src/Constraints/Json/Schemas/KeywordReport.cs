namespace Penstock.Constraints.Json.Schemas;

/// <summary>What became of each keyword of a schema that a value can come to; definitions that nothing refers to are not in it.</summary>
/// <param name="Uses">In the order in which they were read.</param>
public sealed record KeywordReport(IReadOnlyList<KeywordUse> Uses);
