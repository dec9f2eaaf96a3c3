using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>The filters of numbers and booleans.</summary>
internal static class NumberFilters
{
    /// <param name="hasParentheses">Then <c>int</c> and <c>float</c> leave a number as it is, as the reference dialect does.</param>
    public static Value? Apply(string name, NumberValue number, bool hasParentheses) => name switch
    {
        "abs" => number is IntegerValue ? new IntegerValue(Math.Abs(number.Number)) : new FloatValue(Math.Abs(number.Number)),
        "int" or "float" when hasParentheses => number,
        "int" => new IntegerValue(Math.Floor(number.Number)),
        "float" => new FloatValue(number.Number),
        "round" => new FloatValue(Math.Round(number.Number, MidpointRounding.ToEven)),
        _ => null,
    };

    public static Value? Apply(string name, BooleanValue boolean) => name switch
    {
        "bool" => boolean,
        "int" => new IntegerValue(boolean.IsTrue ? 1 : 0),
        "float" => new FloatValue(boolean.IsTrue ? 1 : 0),
        _ => null,
    };
}
