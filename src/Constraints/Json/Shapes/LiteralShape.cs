namespace Penstock.Constraints.Json.Shapes;

/// <summary>One of the three words of JSON.</summary>
public sealed class LiteralShape : ValueShape
{
    private LiteralShape(string text) => Text = System.Text.Encoding.ASCII.GetBytes(text);

    public static LiteralShape Null { get; } = new("null");

    public static LiteralShape True { get; } = new("true");

    public static LiteralShape False { get; } = new("false");

    /// <summary>The bytes of the word.</summary>
    public ReadOnlyMemory<byte> Text { get; }
}
