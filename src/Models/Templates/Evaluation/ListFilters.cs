using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>The filters of lists.</summary>
internal static class ListFilters
{
    public static Value? Apply(string name, ListValue list, Arguments arguments, RenderContext context)
    {
        var items = list.Items;
        switch (name)
        {
            case "list":
                return list;
            case "first":
                return items.Count > 0 ? items[0] : UndefinedValue.Instance;
            case "last":
                return items.Count > 0 ? items[^1] : UndefinedValue.Instance;
            case "length" or "count":
                return new IntegerValue(items.Count);
            case "reverse":
                return context.List([.. items.AsEnumerable().Reverse()]);
            case "sort":
                return Sort(list, arguments, context);
            case "min" or "max":
                return Extreme(items, name == "min" ? -1 : 1, context);
            case "sum":
                return items.Aggregate((Value)new IntegerValue(0), (sum, item) => context.Operators.Binary(Syntax.BinaryOperator.Add, sum, item));
            case "unique":
                return Unique(items, context);
            case "join":
                return new StringValue(context.Printing.Joined(list, arguments.String(0, "separator", otherwise: ""), context.Printing.JoinItem));
            case "map":
                return Map(list, arguments, context);
            case "selectattr" or "rejectattr" or "select" or "reject":
                return Selection.Apply(list, arguments, context, byAttribute: name.EndsWith("attr", StringComparison.Ordinal), keeps: name[0] == 's');
            default:
                return null;
        }
    }

    /// <summary>A text's code points.</summary>
    public static ListValue Characters(string text, RenderContext context)
    {
        context.Budget.Step(text.Length);
        return new ListValue([.. JsText.CodePoints(text).Select(point => new StringValue(point))]);
    }

    private static ListValue Sort(ListValue list, Arguments arguments, RenderContext context)
    {
        var reverse = arguments.Boolean(0, "reverse") ? -1 : 1;
        var caseSensitive = arguments.Boolean(1, "case_sensitive");
        var attribute = arguments.Get(2, "attribute") switch
        {
            null or NullValue => null,
            StringValue path => path.Text,
            IntegerValue index => JsNumber.Format(index.Number),
            _ => throw new TemplateFault("sort's 'attribute' must be a string or an integer"),
        };
        return context.List(Sorting.Stable(list.Items, (a, b) => reverse * Ordering.Compare(Key(a), Key(b), caseSensitive), context.Budget));

        Value Key(Value item) => attribute is null ? item : Attribute(item, attribute);
    }

    private static Value Extreme(List<Value> items, int sign, RenderContext context)
    {
        context.Budget.Step(items.Count);
        return items.Count == 0
            ? UndefinedValue.Instance
            : items.Aggregate((best, item) => sign * Ordering.Compare(item, best, caseSensitive: false) > 0 ? item : best);
    }

    private static ListValue Unique(List<Value> items, RenderContext context)
    {
        var seen = new HashSet<object>();
        return context.List([.. items.Where(item => seen.Add(Identity(item)))]);

        static object Identity(Value item) => item switch
        {
            StringValue text => text.Text,
            NumberValue number => number.Number,
            _ => item,
        };
    }

    private static ListValue Map(ListValue list, Arguments arguments, RenderContext context)
    {
        if (arguments.Get(int.MaxValue, "attribute") is not null)
        {
            var path = arguments.String(int.MaxValue, "attribute");
            var otherwise = arguments.Get(int.MaxValue, "default");
            return context.List([.. list.Items.Select(item => item is MappingValue or NamespaceValue
                ? Attribute(item, path) is var value && value is UndefinedValue ? otherwise ?? value : value
                : throw new TemplateFault("map(attribute=...) takes a list of mappings"))]);
        }

        var filter = arguments.String(0, "filter");
        var rest = new Arguments([.. arguments.Positional.Skip(1)], arguments.Keyword);
        return context.List([.. list.Items.Select(item => Filters.Apply(filter, item, rest, context))]);
    }

    /// <summary>What a dotted path leads to; undefined where it leads nowhere.</summary>
    private static Value Attribute(Value item, string path)
    {
        foreach (var part in path.Split('.'))
        {
            item = item switch
            {
                MappingValue mapping => mapping.Entries.TryGetValue(part, out var entry) ? entry : UndefinedValue.Instance,
                NamespaceValue space => space.Entries.TryGetValue(part, out var entry) ? entry : UndefinedValue.Instance,
                ListValue list => JsNumber.ParseInteger(part) is >= 0 and var index && index < list.Items.Count ? list.Items[(int)index] : UndefinedValue.Instance,
                _ => UndefinedValue.Instance,
            };
        }

        return item;
    }
}
