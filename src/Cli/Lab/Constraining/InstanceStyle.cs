namespace Penstock.Cli.Lab.Constraining;

/// <summary>The white space of an instance's text.</summary>
internal enum InstanceStyle
{
    /// <summary><c>", "</c> and <c>": "</c>, as Python's <c>json.dumps</c> writes.</summary>
    Spaced,

    /// <summary>None.</summary>
    Compact,

    /// <summary>A line each, two blanks a level.</summary>
    Indented,
}
