namespace Penstock.Models.Templates;

/// <summary>Bounds of one template. Real templates stay below a thousandth of each; reaching one fails the render, never the process.</summary>
public sealed record TemplateLimits
{
    /// <summary>The limits that are used where none are given.</summary>
    public static TemplateLimits Default { get; } = new();

    /// <summary>Longest source, in UTF-16 characters. Default 1,048,576; the longest of 66 known real templates has 16,738.</summary>
    public int SourceCharacters { get; init; } = 1 << 20;

    /// <summary>Deepest nesting of expressions, blocks, calls and printed values together. Default 640: more than a request's JSON may nest, so that a tool's schema is judged by its compiler.</summary>
    public int Depth { get; init; } = 640;

    /// <summary>Most steps of one render: nodes evaluated plus list items copied, compared or sorted. Default 5,000,000 (about a second).</summary>
    public long Steps { get; init; } = 5_000_000;

    /// <summary>Most characters that one render may produce, intermediate strings included. Default 134,217,728 (256 MiB of garbage).</summary>
    public long Characters { get; init; } = 1 << 27;

    /// <summary>Longest prompt, in UTF-16 characters. Default 33,554,432.</summary>
    public int OutputCharacters { get; init; } = 1 << 25;
}
