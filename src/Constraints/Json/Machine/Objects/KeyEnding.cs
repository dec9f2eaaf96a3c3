namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>How a name that is being read may end.</summary>
/// <param name="Rest">What is missing of the name.</param>
/// <param name="Start">What follows it.</param>
/// <param name="Of">The object that it is then a name of.</param>
internal sealed record KeyEnding(byte[] Rest, PropertyStart Start, ObjectFrame Of);
