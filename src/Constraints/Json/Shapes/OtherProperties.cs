using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Shapes;

/// <summary>Properties that an object shape knows by the language of their names.</summary>
/// <param name="Names">Not empty; without the shape's named properties; disjoint from the other languages of the shape.</param>
/// <param name="Value">What the value must be.</param>
public sealed record OtherProperties(Language Names, SchemaTerm Value);
