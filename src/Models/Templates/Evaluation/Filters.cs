using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>Finds the filter of a name for a kind of value.</summary>
internal static class Filters
{
    /// <param name="arguments">Null where the filter has no parentheses, which changes what <c>int</c> does.</param>
    public static Value Apply(string name, Value operand, Arguments? arguments, RenderContext context)
    {
        var given = arguments ?? Arguments.None;
        return ForAny(name, operand, given, context)
            ?? operand switch
            {
                ListValue list => ListFilters.Apply(name, list, given, context),
                StringValue text => TextFilters.Apply(name, text, given, context),
                NumberValue number => NumberFilters.Apply(name, number, arguments is not null),
                BooleanValue boolean => NumberFilters.Apply(name, boolean),
                MappingValue mapping => ForMapping(name, mapping, given, context),
                UndefinedValue or NullValue => ForAbsent(name, operand),
                _ => null,
            }
            ?? AsText(name, operand, given, context)
            ?? throw new TemplateFault($"there is no filter '{name}' for {operand.Kind}");
    }

    private static Value? ForAny(string name, Value operand, Arguments arguments, RenderContext context)
    {
        switch (name)
        {
            case "safe":
                return operand;
            case "tojson":
                return ToJson(operand, arguments, context);
            case "default" or "d":
                var replaces = operand is UndefinedValue || (arguments.Boolean(1, "boolean") && !operand.IsTrue);
                return replaces ? (arguments.Positional.Count > 0 ? arguments.Positional[0] : StringValue.Empty) : operand;
            case "string" when operand is MappingValue or NullValue or UndefinedValue:
                return new StringValue(PythonText.Of(operand, context.Budget));
            case "string":
                return context.Text(context.Printing.Display(operand));
            default:
                return null;
        }
    }

    private static StringValue ToJson(Value operand, Arguments arguments, RenderContext context)
    {
        var options = new Arguments([], arguments.Keyword); // positional ones mean nothing here
        (string? item, string? key) = options.Get(0, "separators") switch
        {
            null or NullValue => (null, null),
            ListValue { Items: [StringValue first, StringValue second] } => (first.Text, second.Text),
            _ => throw new TemplateFault("tojson's 'separators' must be two strings"),
        };
        var style = JsonStyle.Default with
        {
            Indent = options.Integer(0, "indent") ?? 0,
            EscapesNonAscii = options.Boolean(0, "ensure_ascii"),
            SortsKeys = options.Boolean(0, "sort_keys"),
            ItemSeparator = item,
            KeySeparator = key,
        };
        return new StringValue(new JsonWriter(context.Budget, style).Write(operand));
    }

    /// <summary>Python's Undefined is an empty sequence; of none it selects nothing.</summary>
    private static Value? ForAbsent(string name, Value operand) => name switch
    {
        "select" or "reject" or "selectattr" or "rejectattr" or "map" => new ListValue([]),
        "list" or "items" or "reverse" or "sort" or "unique" when operand is UndefinedValue => new ListValue([]),
        "length" or "count" when operand is UndefinedValue => new IntegerValue(0),
        "join" when operand is UndefinedValue => StringValue.Empty,
        "first" or "last" or "min" or "max" when operand is UndefinedValue => operand,
        _ => null,
    };

    /// <summary>The filters of text take anything but none in Python, and turn it into text first.</summary>
    private static Value? AsText(string name, Value operand, Arguments arguments, RenderContext context) =>
        operand is not (StringValue or NullValue) && name is "upper" or "lower" or "trim" or "title" or "capitalize" or "replace" or "indent"
            ? TextFilters.Apply(name, new StringValue(PythonText.Of(operand, context.Budget)), arguments, context)
            : null;

    private static Value? ForMapping(string name, MappingValue mapping, Arguments arguments, RenderContext context) => name switch
    {
        "length" or "count" => new IntegerValue(mapping.Entries.Count),
        "list" => context.List([.. mapping.Keys]),
        _ => MappingMethods.Find(mapping, name, context) is FunctionValue method ? method.Call(arguments, new Scope()) : null,
    };
}
