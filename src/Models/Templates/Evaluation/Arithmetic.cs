using Penstock.Models.Templates.Syntax;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>Numbers with numbers, in doubles. The result is a float where an operand is one, and always of <c>/</c>.</summary>
internal static class Arithmetic
{
    /// <summary>The value as a number, booleans included; null where it is none.</summary>
    public static double? Number(Value value) => value switch
    {
        NumberValue number => number.Number,
        BooleanValue boolean => boolean.IsTrue ? 1 : 0,
        _ => null,
    };

    public static Value Power(double x, double exponent, bool isFloat)
    {
        if (x == 0 && exponent < 0) throw new TemplateFault("zero cannot be raised to a negative power");
        var result = Math.Pow(x, exponent);
        if (!double.IsFinite(result)) throw new TemplateFault("the power is not a finite number");
        return Of(result, isFloat || exponent < 0);
    }

    /// <summary>Null where the operator is none of numbers.</summary>
    public static Value? Apply(BinaryOperator binary, NumberValue left, NumberValue right)
    {
        var (a, b) = (left.Number, right.Number);
        var isFloat = left is FloatValue || right is FloatValue;
        return binary switch
        {
            BinaryOperator.Add => Of(a + b, isFloat),
            BinaryOperator.Subtract => Of(a - b, isFloat),
            BinaryOperator.Multiply => Of(a * b, isFloat),
            BinaryOperator.Divide => new FloatValue(a / b),
            BinaryOperator.FloorDivide => Of(Math.Floor(a / b), isFloat),
            BinaryOperator.Modulo => Of(a % b, isFloat),
            BinaryOperator.Less => BooleanValue.Of(a < b),
            BinaryOperator.LessOrEqual => BooleanValue.Of(a <= b),
            BinaryOperator.Greater => BooleanValue.Of(a > b),
            BinaryOperator.GreaterOrEqual => BooleanValue.Of(a >= b),
            _ => null,
        };
    }

    private static NumberValue Of(double number, bool isFloat) => isFloat ? new FloatValue(number) : new IntegerValue(number);
}
