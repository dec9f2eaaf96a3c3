namespace Penstock.Models.Templates.Values;

/// <summary>How <c>tojson</c> writes; the defaults are those of Python's <c>json.dumps</c> as Hugging Face calls it.</summary>
internal sealed record JsonStyle
{
    public static JsonStyle Default { get; } = new();

    /// <summary>Spaces a level; 0 for one line.</summary>
    public int Indent { get; init; }

    public bool EscapesNonAscii { get; init; }

    public bool SortsKeys { get; init; }

    public string? ItemSeparator { get; init; }

    public string? KeySeparator { get; init; }

    /// <summary>False when a container is printed rather than made into JSON: then undefined says so.</summary>
    public bool UndefinedIsNull { get; init; } = true;
}
