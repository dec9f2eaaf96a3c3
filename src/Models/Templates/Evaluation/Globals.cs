using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>The names that every template starts with.</summary>
internal static class Globals
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "true", "false", "none", "True", "False", "None", "namespace", "dict", "range", "raise_exception", "strftime_now",
    };

    public static bool Has(string name) => Names.Contains(name);

    public static Scope Make(DateTimeOffset now, RenderContext context)
    {
        var scope = new Scope();
        scope.Set("true", BooleanValue.True);
        scope.Set("True", BooleanValue.True);
        scope.Set("false", BooleanValue.False);
        scope.Set("False", BooleanValue.False);
        scope.Set("none", NullValue.Instance);
        scope.Set("None", NullValue.Instance);
        Define("namespace", arguments => new NamespaceValue(Entries(arguments, "namespace")));
        Define("dict", arguments => new MappingValue(Entries(arguments, "dict")));
        Define("range", arguments => Range(arguments, context));
        Define("raise_exception", arguments => throw new TemplateFault(Reason(arguments, context)));
        Define("strftime_now", arguments => context.Text(Dates.Format(now, arguments.String(0, "format"))));
        return scope;

        void Define(string name, Func<Arguments, Value> body) => scope.Set(name, new FunctionValue(name, (arguments, _) => body(arguments)));
    }

    /// <summary>The template's own words, shortened: it may quote what the client sent.</summary>
    private static string Reason(Arguments arguments, RenderContext context)
    {
        const int Longest = 500;
        var reason = arguments.Get(0, "message") is { } given ? context.Printing.Plain(given).TrimEnd('.') : "raised without a reason";
        return reason.Length <= Longest ? reason : reason[..Longest] + "...";
    }

    private static OrderedDictionary<string, Value> Entries(Arguments arguments, string function)
    {
        if (arguments.Positional.Count > 1) throw new TemplateFault($"{function}() takes at most one argument without a name");
        var entries = new OrderedDictionary<string, Value>(StringComparer.Ordinal);
        switch (arguments.Positional.Count > 0 ? arguments.Positional[0] : null)
        {
            case null:
                break;
            case MappingValue mapping:
                foreach (var (key, value) in mapping.Entries) entries[key] = value;
                break;
            case ListValue list:
                foreach (var item in list.Items)
                {
                    var (key, value) = Pair(item, function);
                    entries[key] = value;
                }

                break;
            case var other:
                throw new TemplateFault($"{function}() takes a mapping or a list of pairs, not {other.Kind}");
        }

        foreach (var (key, value) in arguments.Keyword ?? []) entries[key] = value;
        return entries;
    }

    private static (string Key, Value Value) Pair(Value item, string function)
    {
        var parts = item switch
        {
            ListValue list => list.Items,
            StringValue { Text.Length: <= 4 } text => [.. JsText.CodePoints(text.Text).Select(point => new StringValue(point))],
            _ => [],
        };
        return parts is [StringValue key, var value] ? (key.Text, value) : throw new TemplateFault($"{function}() takes pairs of a string and a value");
    }

    private static ListValue Range(Arguments arguments, RenderContext context)
    {
        var numbers = arguments.Positional.Select(value => value is NumberValue number ? number.Number : throw new TemplateFault("range() takes numbers")).ToList();
        if (numbers.Count is 0 or > 3) throw new TemplateFault("range() takes one to three numbers");
        var (start, stop) = numbers.Count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1]);
        var step = numbers.Count == 3 ? numbers[2] : 1;
        if (step == 0) throw new TemplateFault("range() cannot have a step of zero");
        List<Value> items = [];
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            context.Budget.Step();
            items.Add(i == Math.Floor(i) ? new IntegerValue(i) : new FloatValue(i));
        }

        return new ListValue(items);
    }
}
