using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>The evaluated arguments of a call.</summary>
internal sealed class Arguments(IReadOnlyList<Value> positional, OrderedDictionary<string, Value>? keyword = null)
{
    public static readonly Arguments None = new([]);

    public IReadOnlyList<Value> Positional { get; } = positional;

    /// <summary>Those given by name, in the order of the call; null when none.</summary>
    public OrderedDictionary<string, Value>? Keyword { get; } = keyword;

    /// <summary>The argument at a position, else of a name, else null.</summary>
    public Value? Get(int position, string name) =>
        position < Positional.Count ? Positional[position]
        : Keyword is not null && Keyword.TryGetValue(name, out var value) ? value
        : null;

    public bool Boolean(int position, string name) => Get(position, name) switch
    {
        null => false,
        BooleanValue boolean => boolean.IsTrue,
        var other => throw Wrong(name, "a boolean", other),
    };

    public string String(int position, string name, string? otherwise = null) => Get(position, name) switch
    {
        StringValue text => text.Text,
        null when otherwise is not null => otherwise,
        var other => throw Wrong(name, "a string", other),
    };

    /// <summary>A whole number within the range of an int; null where it is absent or none.</summary>
    public int? Integer(int position, string name) => Get(position, name) switch
    {
        null or NullValue => null,
        IntegerValue { Number: >= int.MinValue and <= int.MaxValue } integer => (int)integer.Number,
        var other => throw Wrong(name, "an integer", other),
    };

    /// <summary>Refuses a call with more arguments than <paramref name="count"/>.</summary>
    public void AtMost(int count, string function)
    {
        if (Positional.Count + (Keyword?.Count ?? 0) > count) throw new TemplateFault($"{function}() takes at most {count} arguments");
    }

    private static TemplateFault Wrong(string name, string expected, Value? given) =>
        new($"the argument '{name}' must be {expected}, not {given?.Kind ?? "missing"}");
}
