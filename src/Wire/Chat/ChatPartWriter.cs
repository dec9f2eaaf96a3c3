using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Chat;

/// <summary>Content with pictures and documents in OpenAI's chat form.</summary>
internal static class ChatPartWriter
{
    public static void Write(Utf8JsonWriter json, ChatMessage message, string path, Translation translation)
    {
        json.WriteStartArray("content");
        var index = 0;
        foreach (var (text, attachment) in ContentPieces.Of(message))
        {
            json.WriteStartObject();
            if (attachment is null)
            {
                json.WriteString("type", "text");
                json.WriteString("text", text);
            }
            else if (attachment.Kind == AttachmentKind.Image)
            {
                WriteImage(json, attachment);
            }
            else
            {
                WriteFile(json, attachment, $"{path}.content[{index}]", translation);
            }

            json.WriteEndObject();
            index++;
        }

        json.WriteEndArray();
    }

    private static void WriteImage(Utf8JsonWriter json, Attachment image)
    {
        json.WriteString("type", "image_url");
        json.WriteStartObject("image_url");
        json.WriteString("url", ContentPieces.UrlOf(image));
        if (image.Detail is { } detail)
        {
            json.WriteString("detail", detail);
        }

        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, Attachment file, string path, Translation translation)
    {
        if (file.Url is not null)
        {
            translation.Refuse(path, $"{path} is a document with an address; the provider's form takes documents in base64 only. Send its bytes.");
        }

        json.WriteString("type", "file");
        json.WriteStartObject("file");
        if (file.Name is { } name)
        {
            json.WriteString("filename", name);
        }

        json.WriteString("file_data", ContentPieces.UrlOf(file));
        json.WriteEndObject();
    }
}
