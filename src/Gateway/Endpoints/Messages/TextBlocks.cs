using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>Content blocks where only text may stand.</summary>
internal static class TextBlocks
{
    /// <summary>The text of an array of text blocks; others are refused by name.</summary>
    public static string Join(WireValue array) => string.Concat(array.Items().Select(Text));

    /// <summary>The text of a block of type <c>text</c>.</summary>
    public static string? Read(WireObject block)
    {
        CacheMarks.Let(block);
        if (block.Field("citations") is { } citations)
        {
            block.Faults.Lost(citations.Path, "Citations are not passed on; the text is.");
        }

        return block.Required("text")?.AsText();
    }

    /// <summary>Notes that a block of this type cannot be read here.</summary>
    public static void Refuse(WireObject block, string type) => block.Faults.Unsupported(
        block.PathOf("type"),
        $"{block.PathOf("type")} is {(Known.Contains(type) ? $"'{type}'" : "not known")}, which is not supported here.");

    // Types are named back only where they are Anthropic's own words.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "image", "document", "search_result", "server_tool_use", "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result", "container_upload", "tool_reference",
        "text", "thinking", "redacted_thinking", "tool_use", "tool_result",
    };

    private static string? Text(WireValue item)
    {
        if (item.AsObject() is not { } block || block.Required("type")?.AsText() is not { } type)
        {
            return null;
        }

        if (type == "text")
        {
            return Read(block);
        }

        Refuse(block, type);
        return null;
    }
}
