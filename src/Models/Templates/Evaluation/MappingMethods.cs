using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>The methods of mappings. An entry of the same name hides a method, as in the reference dialect.</summary>
internal static class MappingMethods
{
    public static Value? Find(MappingValue mapping, string name, RenderContext context) => name switch
    {
        "get" => new FunctionValue(name, (arguments, _) => Get(mapping, arguments)),
        "items" => new FunctionValue(name, (_, _) => Items(mapping, context)),
        "keys" => new FunctionValue(name, (_, _) => context.List([.. mapping.Keys])),
        "values" => new FunctionValue(name, (_, _) => context.List([.. mapping.Entries.Values])),
        "dictsort" => new FunctionValue(name, (arguments, _) => Sort(mapping, arguments, context)),
        _ => null,
    };

    public static ListValue Items(MappingValue mapping, RenderContext context) => context.List([.. mapping.Entries.Select(entry => Pair(mapping, entry))]);

    /// <summary>Pairs sorted by key or value, upper and lower case alike unless asked.</summary>
    public static ListValue Sort(MappingValue mapping, Arguments arguments, RenderContext context)
    {
        var caseSensitive = arguments.Boolean(0, "case_sensitive");
        var by = arguments.String(1, "by", otherwise: "key");
        if (by is not ("key" or "value")) throw new TemplateFault("dictsort sorts by 'key' or by 'value'");
        var reverse = arguments.Boolean(2, "reverse") ? -1 : 1;
        var pairs = Sorting.Stable([.. mapping.Entries], Compare, context.Budget);
        return context.List([.. pairs.Select(entry => Pair(mapping, entry))]);

        int Compare(KeyValuePair<string, Value> a, KeyValuePair<string, Value> b) => reverse * (by == "key"
            ? Ordering.Compare(mapping.KeyOf(a.Key), mapping.KeyOf(b.Key), caseSensitive)
            : Ordering.Compare(a.Value, b.Value, caseSensitive));
    }

    private static Value Get(MappingValue mapping, Arguments arguments)
    {
        arguments.AtMost(2, "get");
        var key = arguments.Get(0, "key");
        if (key is not (StringValue or IntegerValue)) throw new TemplateFault($"get() takes a string, not {key?.Kind ?? "nothing"}");
        return mapping.Find(key) ?? arguments.Get(1, "default") ?? NullValue.Instance;
    }

    private static ListValue Pair(MappingValue mapping, KeyValuePair<string, Value> entry) => new ListValue([mapping.KeyOf(entry.Key), entry.Value]);
}
