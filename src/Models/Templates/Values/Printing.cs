using System.Text;
using Penstock.Models.Templates.Evaluation;

namespace Penstock.Models.Templates.Values;

/// <summary>Values as text, in the three ways that the language has.</summary>
internal sealed class Printing(Budget budget)
{
    /// <summary>As <c>{{ value }}</c> and the <c>string</c> filter print it.</summary>
    public string Display(Value value)
    {
        switch (value)
        {
            case StringValue text:
                return text.Text;
            case FloatValue number:
                return number.Written ?? JsNumber.FormatFloat(number.Number);
            case ListValue { IsTuple: true }:
                return PythonText.Of(value, budget);
            case ListValue or MappingValue or NamespaceValue:
                return new JsonWriter(budget, JsonStyle.Default with { UndefinedIsNull = false }).Write(value);
            default:
                return Plain(value);
        }
    }

    /// <summary>As <c>+</c> and <c>~</c> print an operand: JavaScript's toString of what the value holds.</summary>
    public string Plain(Value value) => value switch
    {
        StringValue text => text.Text,
        BooleanValue boolean => boolean.IsTrue ? "true" : "false",
        NumberValue number => number.Written ?? JsNumber.Format(number.Number),
        NullValue => "null",
        UndefinedValue => "undefined",
        ListValue list => Joined(list, ",", Display),
        MappingValue or NamespaceValue => "[object Map]",
        FunctionValue function => $"<function {function.Name}>",
        _ => throw new InvalidOperationException(value.Kind),
    };

    /// <summary>As the <c>join</c> filter prints an item: nothing for what is absent.</summary>
    public string JoinItem(Value value) => value is NullValue or UndefinedValue ? "" : Plain(value);

    public string Joined(ListValue list, string separator, Func<Value, string> print)
    {
        budget.Enter();
        var text = new StringBuilder();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = print(list.Items[i]);
            budget.Step();
            budget.Characters(item.Length + separator.Length);
            text.Append(i > 0 ? separator : "").Append(item);
        }

        budget.Leave();
        return text.ToString();
    }
}
