using Penstock.Models.Templates.Syntax;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>What follows <c>is</c>, and the tests that <c>select</c> and its like name.</summary>
internal static class Tests
{
    public static bool Holds(string name, Value value, IReadOnlyList<Value> arguments, RenderContext context)
    {
        var other = arguments.Count > 0 ? arguments[0] : UndefinedValue.Instance;
        return name switch
        {
            "defined" => value is not UndefinedValue,
            "undefined" => value is UndefinedValue,
            "none" => value is NullValue,
            "boolean" => value is BooleanValue,
            "true" => value is BooleanValue { IsTrue: true },
            "false" => value is BooleanValue { IsTrue: false },
            "string" => value is StringValue,
            "number" => value is NumberValue,
            "integer" => value is IntegerValue,
            "float" => value is FloatValue,
            "mapping" => value is MappingValue,
            "iterable" => value is ListValue { IsTuple: false } or StringValue,
            "sequence" => value is ListValue or MappingValue or StringValue,
            "callable" => value is FunctionValue,
            "odd" => Whole(name, value) % 2 != 0,
            "even" => Whole(name, value) % 2 == 0,
            "divisibleby" => Whole(name, value) % Whole(name, other) == 0,
            "lower" => value is StringValue { Text: var text } && text == CaseMapping.Lower(text),
            "upper" => value is StringValue { Text: var text } && text == CaseMapping.Upper(text),
            "equalto" or "eq" or "sameas" => Equality.Strict(value, other),
            "ne" => !Equality.Strict(value, other),
            "in" => Binary(BinaryOperator.In),
            "lt" or "lessthan" => Binary(BinaryOperator.Less),
            "le" => Binary(BinaryOperator.LessOrEqual),
            "gt" or "greaterthan" => Binary(BinaryOperator.Greater),
            "ge" => Binary(BinaryOperator.GreaterOrEqual),
            _ => throw new TemplateFault($"there is no test '{name}'"),
        };

        bool Binary(BinaryOperator binary) => context.Operators.Binary(binary, value, other).IsTrue;
    }

    private static double Whole(string name, Value value) =>
        value is IntegerValue integer ? integer.Number : throw new TemplateFault($"the test '{name}' needs an integer, not {value.Kind}");
}
