using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>An item that may come next: of some term, and how the array stands after it.</summary>
/// <param name="Value">What the item must be; it has a value that is not in the array yet.</param>
/// <param name="Next">The array with the item counted; where items are unique, it is not among those seen yet.</param>
internal readonly record struct ItemStart(SchemaTerm Value, ArrayProgress Next);
