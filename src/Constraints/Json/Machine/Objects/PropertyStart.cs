using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>What follows a name: a value of some term, and how the object stands after it.</summary>
/// <param name="Value">What the value must be; satisfiable.</param>
/// <param name="Next">The object with the property in it; alive.</param>
internal readonly record struct PropertyStart(SchemaTerm Value, ObjectProgress Next);
