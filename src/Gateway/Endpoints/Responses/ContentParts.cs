using System.Text.Json;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>A text, or parts of text that are joined; pictures and files are refused by name.</summary>
internal static class ContentParts
{
    public static string? Text(WireValue content)
    {
        switch (content.Kind)
        {
            case JsonValueKind.String:
                return content.AsText();
            case JsonValueKind.Array:
                return string.Concat(content.Items().Select(Part));
            default:
                content.WrongType("a string or an array of parts");
                return null;
        }
    }

    private static string? Part(WireValue item)
    {
        if (item.AsObject() is not { } part || part.Required("type")?.AsText() is not { } type)
        {
            return null;
        }

        switch (type)
        {
            case "input_text" or "output_text" or "text" or "summary_text" or "reasoning_text":
                return part.Required("text")?.AsText();
            case "refusal":
                return part.Required("refusal")?.AsText();
            default:
                part.Faults.Unsupported(
                    part.PathOf("type"), $"{part.PathOf("type")} is {(type is "input_image" or "input_file" or "input_audio" ? $"'{type}'" : "not known")}; only parts of text are supported.");
                return null;
        }
    }
}
