namespace Penstock.Constraints.Json.Formulas;

/// <summary>Questions about sets of kinds.</summary>
internal static class JsonTypesExtensions
{
    /// <summary>Whether all of some kinds are in a set. In place of <see cref="Enum.HasFlag"/>, which boxes both until the method is optimized: schemas are mostly compiled cold.</summary>
    public static bool Has(this JsonTypes types, JsonTypes some) => (types & some) == some;
}
