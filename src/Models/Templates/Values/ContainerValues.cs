namespace Penstock.Models.Templates.Values;

internal sealed class ListValue(List<Value> items, bool isTuple = false) : Value
{
    public List<Value> Items { get; } = items;

    /// <summary>Written with commas and no brackets. The reference dialect does not make one into JSON.</summary>
    public bool IsTuple { get; } = isTuple;

    public override string Kind => IsTuple ? "tuple" : "list";

    public override bool IsTrue => Items.Count > 0;
}

/// <summary>Keys to values in the order of insertion: a JSON object, a <c>{...}</c>, a loop's <c>loop</c>.</summary>
internal sealed class MappingValue(OrderedDictionary<string, Value> entries) : Value
{
    public MappingValue()
        : this(new OrderedDictionary<string, Value>(StringComparer.Ordinal))
    {
    }

    private HashSet<string>? integerKeys;

    public OrderedDictionary<string, Value> Entries { get; } = entries;

    public override string Kind => "mapping";

    /// <summary>The keys as values: integers where they were written so.</summary>
    public IEnumerable<Value> Keys => Entries.Keys.Select(KeyOf);

    public Value KeyOf(string key) =>
        IsInteger(key) ? new IntegerValue(JsNumber.Parse(key)) : new StringValue(key);

    /// <summary>The entry of a key that may be an integer; null where there is none.</summary>
    public Value? Find(Value key) => key switch
    {
        StringValue name when !IsInteger(name.Text) => Entries.GetValueOrDefault(name.Text),
        IntegerValue number when IsInteger(JsNumber.Format(number.Number)) => Entries[JsNumber.Format(number.Number)],
        _ => null,
    };

    public void SetInteger(IntegerValue key, Value value)
    {
        var name = JsNumber.Format(key.Number);
        (integerKeys ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
        Entries[name] = value;
    }

    private bool IsInteger(string key) => integerKeys is not null && integerKeys.Contains(key);

    public override bool IsTrue => Entries.Count > 0;
}

/// <summary>What <c>namespace()</c> makes: the only thing whose attributes <c>set</c> may change.</summary>
internal sealed class NamespaceValue(OrderedDictionary<string, Value> entries) : Value
{
    public OrderedDictionary<string, Value> Entries { get; } = entries;

    public override string Kind => "namespace";

    public override bool IsTrue => true;
}
