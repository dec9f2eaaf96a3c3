namespace Penstock.Models.Templates.Values;

/// <summary>A number. As in JavaScript, integers too are doubles: exact up to 2^53.</summary>
internal abstract class NumberValue(double number, string? written) : Value
{
    public double Number { get; } = number;

    /// <summary>How the client's JSON wrote it, which is how it is printed; null for a number that the template made.</summary>
    public string? Written { get; } = written;

    public override bool IsTrue => Number != 0 && !double.IsNaN(Number);
}

internal sealed class IntegerValue(double number, string? written = null) : NumberValue(number, written)
{
    public override string Kind => "integer";
}

internal sealed class FloatValue(double number, string? written = null) : NumberValue(number, written)
{
    public override string Kind => "float";
}
