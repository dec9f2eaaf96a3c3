namespace Penstock.Constraints.Json.Shapes;

/// <summary>A property that an object shape knows by its name.</summary>
/// <param name="Name">The decoded name, as UTF-8.</param>
/// <param name="Value">What its value must be; unsatisfiable where the property must be absent.</param>
/// <param name="IsRequired">Whether it must be there.</param>
public sealed record NamedProperty(ReadOnlyMemory<byte> Name, SchemaTerm Value, bool IsRequired);
