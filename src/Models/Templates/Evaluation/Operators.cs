using Penstock.Models.Templates.Syntax;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>The operators, <c>and</c> and <c>or</c> excepted.</summary>
internal sealed class Operators(RenderContext context)
{
    public static Value Unary(UnaryOperator unary, Value operand)
    {
        if (unary == UnaryOperator.Not) return BooleanValue.Of(!operand.IsTrue);
        var sign = unary == UnaryOperator.Minus ? -1 : 1;
        return operand switch
        {
            FloatValue number => new FloatValue(sign * number.Number),
            IntegerValue number => new IntegerValue(sign * number.Number),
            BooleanValue boolean => new IntegerValue(boolean.IsTrue ? sign : 0),
            _ => throw new TemplateFault($"a {operand.Kind} has no sign"),
        };
    }

    public bool AreEqual(Value left, Value right) => Equality.Loose(left, right, context.Printing);

    public Value Binary(BinaryOperator binary, Value left, Value right)
    {
        if (binary == BinaryOperator.Equal) return BooleanValue.Of(AreEqual(left, right));
        if (binary == BinaryOperator.NotEqual) return BooleanValue.Of(!AreEqual(left, right));
        var isMembership = binary is BinaryOperator.In or BinaryOperator.NotIn;
        if (right is UndefinedValue && isMembership) return BooleanValue.Of(binary == BinaryOperator.NotIn);
        if (left is UndefinedValue or NullValue || right is UndefinedValue or NullValue) throw Unknown(binary, left, right);

        if (binary == BinaryOperator.Concatenate) return Concatenate(left, right);
        if (isMembership) return BooleanValue.Of(Contains(right, left, binary) == (binary == BinaryOperator.In));
        if (binary == BinaryOperator.Power && Arithmetic.Number(left) is { } x && Arithmetic.Number(right) is { } exponent)
            return Arithmetic.Power(x, exponent, left is FloatValue || right is FloatValue);
        if (left is NumberValue a && right is NumberValue b) return Arithmetic.Apply(binary, a, b) ?? throw Unknown(binary, left, right);
        if (left is StringValue s && right is StringValue t && Compare(binary, string.CompareOrdinal(s.Text, t.Text)) is { } answer)
            return BooleanValue.Of(answer);
        return binary switch
        {
            BinaryOperator.Add when left is ListValue first && right is ListValue second => context.List([.. first.Items, .. second.Items]),
            BinaryOperator.Add when left is StringValue || right is StringValue => Concatenate(left, right),
            BinaryOperator.Multiply when left is StringValue text && right is IntegerValue times => Repeat(text.Text, times.Number),
            _ => throw Unknown(binary, left, right),
        };
    }

    private StringValue Concatenate(Value left, Value right)
    {
        var (a, b) = (context.Printing.Plain(left), context.Printing.Plain(right));
        context.Budget.Characters((long)a.Length + b.Length);
        return new StringValue(a + b);
    }

    private StringValue Repeat(string text, double times)
    {
        if (times <= 0 || text.Length == 0) return StringValue.Empty;
        context.Budget.Characters((long)Math.Min(text.Length * times, long.MaxValue / 2));
        return new StringValue(string.Concat(Enumerable.Repeat(text, (int)times)));
    }

    private bool Contains(Value container, Value item, BinaryOperator binary)
    {
        switch (container)
        {
            case ListValue list:
                context.Budget.Step(list.Items.Count);
                return list.Items.Exists(value => item is ListValue ? Equality.Deep(value, item, context.Budget) : Equality.Strict(value, item));
            case StringValue text when item is StringValue part:
                context.Budget.Step(text.Text.Length / 64);
                return text.Text.Contains(part.Text, StringComparison.Ordinal);
            case MappingValue mapping when item is StringValue or IntegerValue:
                return mapping.Find(item) is not null;
            default:
                throw Unknown(binary, item, container);
        }
    }

    private static bool? Compare(BinaryOperator binary, int order) => binary switch
    {
        BinaryOperator.Less => order < 0,
        BinaryOperator.LessOrEqual => order <= 0,
        BinaryOperator.Greater => order > 0,
        BinaryOperator.GreaterOrEqual => order >= 0,
        _ => null,
    };

    private static TemplateFault Unknown(BinaryOperator binary, Value left, Value right) =>
        new($"'{binary.Symbol()}' cannot join {left.Kind} and {right.Kind}");
}
