using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>The content of a chat's message: a text, or parts. Pictures and documents stand in a user's messages only; sound is refused by name.</summary>
internal static class ChatParts
{
    public static Content? Read(WireValue content, string role) => Content.Read(content, (part, type, into) => Part(part, type, role, into));

    private static void Part(WireObject part, string type, string role, Content into)
    {
        switch (type)
        {
            case "text":
                into.Say(part.Required("text")?.AsText());
                break;
            case "refusal":
                into.Say(part.Required("refusal")?.AsText());
                break;
            case "image_url" when role == "user":
                into.Attach(Image(part));
                break;
            case "file" when role == "user":
                into.Attach(File(part));
                break;
            default:
                part.Faults.Unsupported(part.PathOf("type"), Refusal(part.PathOf("type"), type));
                break;
        }
    }

    private static string Refusal(string path, string type) => type switch
    {
        "image_url" or "file" => $"{path} is '{type}', which only a user's messages may hold.",
        "input_audio" => $"{path} is 'input_audio', which is only passed on to targets that speak this form. Send text.",
        _ => $"{path} is not known; 'text', 'image_url' and 'file' are.",
    };

    private static Attachment? Image(WireObject part)
    {
        if (part.Required("image_url")?.AsObject() is not { } image || image.Required("url") is not { } url || AttachmentParser.OfUrl(url, AttachmentKind.Image) is not { } attachment)
        {
            return null;
        }

        return attachment with { Detail = Detail(image) };
    }

    /// <summary><c>detail</c>: how closely a picture is looked at; null for <c>auto</c>.</summary>
    public static string? Detail(WireObject image)
    {
        var detail = image.Text("detail");
        if (detail is not (null or "auto" or "low" or "high"))
        {
            image.Faults.Unsupported(image.PathOf("detail"), $"{image.PathOf("detail")} must be one of auto, low, high.");
        }

        return detail == "auto" ? null : detail;
    }

    private static Attachment? File(WireObject part)
    {
        if (part.Required("file")?.AsObject() is not { } file)
        {
            return null;
        }

        if (file.Field("file_id") is { } id)
        {
            file.Faults.Unsupported(id.Path, $"{id.Path} names a file that a provider stores; send it in file_data.");
            return null;
        }

        var attachment = file.Required("file_data") is { } data ? AttachmentParser.OfDataUri(data, AttachmentKind.Document) : null;
        return attachment is null ? null : attachment with { Name = file.Text("filename") };
    }
}
