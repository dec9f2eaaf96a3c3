using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>A property that an ending of an object will have.</summary>
/// <param name="Name">Its decoded name.</param>
/// <param name="Value">The term of which it takes the shortest value.</param>
internal readonly record struct PropertyPlan(byte[] Name, SchemaTerm Value);
