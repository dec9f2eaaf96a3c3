namespace Penstock.Models.Templates.Values;

internal sealed class ListValue(List<Value> items, bool isTuple = false) : Value
{
    public List<Value> Items { get; } = items;

    /// <summary>Written with commas and no brackets. The reference dialect neither prints nor unpacks a tuple in a loop.</summary>
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

    public OrderedDictionary<string, Value> Entries { get; } = entries;

    public override string Kind => "mapping";

    public override bool IsTrue => Entries.Count > 0;
}

/// <summary>What <c>namespace()</c> makes: the only thing whose attributes <c>set</c> may change.</summary>
internal sealed class NamespaceValue(OrderedDictionary<string, Value> entries) : Value
{
    public OrderedDictionary<string, Value> Entries { get; } = entries;

    public override string Kind => "namespace";

    public override bool IsTrue => true;
}
