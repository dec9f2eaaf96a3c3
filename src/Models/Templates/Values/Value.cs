namespace Penstock.Models.Templates.Values;

/// <summary>A value of the template language. Scalars are immutable; lists, mappings and namespaces belong to one render.</summary>
internal abstract class Value
{
    /// <summary>What errors call this kind of value.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether an <c>if</c> takes it for true.</summary>
    public abstract bool IsTrue { get; }
}

/// <summary>What a name, a member or an argument that is not there evaluates to.</summary>
internal sealed class UndefinedValue : Value
{
    public static readonly UndefinedValue Instance = new();

    private UndefinedValue()
    {
    }

    public override string Kind => "undefined";

    public override bool IsTrue => false;
}

/// <summary><c>none</c>, and JSON's null.</summary>
internal sealed class NullValue : Value
{
    public static readonly NullValue Instance = new();

    private NullValue()
    {
    }

    public override string Kind => "none";

    public override bool IsTrue => false;
}

internal sealed class BooleanValue : Value
{
    public static readonly BooleanValue True = new(true);
    public static readonly BooleanValue False = new(false);

    private BooleanValue(bool value) => IsTrue = value;

    public override string Kind => "boolean";

    public override bool IsTrue { get; }

    public static BooleanValue Of(bool value) => value ? True : False;
}

internal sealed class StringValue(string text) : Value
{
    public static readonly StringValue Empty = new("");

    public string Text { get; } = text;

    public override string Kind => "string";

    public override bool IsTrue => Text.Length > 0;
}
