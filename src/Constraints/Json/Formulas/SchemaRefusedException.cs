namespace Penstock.Constraints.Json.Formulas;

/// <summary>A schema asks for what cannot be enforced exactly. Caught where a compilation begins, and told with the place.</summary>
internal sealed class SchemaRefusedException(string message, string? pointer = null) : Exception(message)
{
    /// <summary>The JSON pointer of the place, where it is known.</summary>
    public string? Pointer { get; } = pointer;
}
