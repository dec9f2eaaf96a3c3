using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>A text, or parts of text, pictures and files. What is stored at a provider is refused by name.</summary>
internal static class ContentParts
{
    /// <summary>Content in which pictures and files may stand.</summary>
    public static Content? Read(WireValue content) => Content.Read(content, Part);

    /// <summary>The text of content in which nothing else may stand.</summary>
    public static string? Text(WireValue content) => Content.Read(content, TextPart)?.Text;

    private static void Part(WireObject part, string type, Content into)
    {
        switch (type)
        {
            case "input_image":
                into.Attach(Image(part));
                break;
            case "input_file":
                into.Attach(File(part));
                break;
            default:
                TextPart(part, type, into);
                break;
        }
    }

    private static void TextPart(WireObject part, string type, Content into)
    {
        switch (type)
        {
            case "input_text" or "output_text" or "text" or "summary_text" or "reasoning_text":
                into.Say(part.Required("text")?.AsText());
                break;
            case "refusal":
                into.Say(part.Required("refusal")?.AsText());
                break;
            default:
                part.Faults.Unsupported(
                    part.PathOf("type"), $"{part.PathOf("type")} is {(type is "input_image" or "input_file" or "input_audio" ? $"'{type}'" : "not known")}, which cannot stand here.");
                break;
        }
    }

    private static Attachment? Image(WireObject part)
    {
        if (IsStored(part) || part.Required("image_url") is not { } url || AttachmentParser.OfUrl(url, AttachmentKind.Image) is not { } attachment)
        {
            return null;
        }

        return attachment with { Detail = ChatParts.Detail(part) };
    }

    private static Attachment? File(WireObject part)
    {
        if (IsStored(part))
        {
            return null;
        }

        var attachment = part.Field("file_url") is { } url ? AttachmentParser.OfUrl(url, AttachmentKind.Document)
            : part.Required("file_data") is { } data ? AttachmentParser.OfDataUri(data, AttachmentKind.Document)
            : null;
        return attachment is null ? null : attachment with { Name = part.Text("filename") };
    }

    private static bool IsStored(WireObject part)
    {
        if (part.Field("file_id") is not { } id)
        {
            return false;
        }

        part.Faults.Unsupported(id.Path, $"{id.Path} names a file that a provider stores; send its bytes.");
        return true;
    }
}
