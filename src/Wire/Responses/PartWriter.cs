using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Responses;

/// <summary>Content in the form of Responses: a text, or parts where pictures and documents stand in it.</summary>
internal static class PartWriter
{
    public static void Write(Utf8JsonWriter json, string field, ChatMessage message)
    {
        if (message.Attachments.Count == 0)
        {
            json.WriteString(field, message.Content ?? "");
            return;
        }

        json.WriteStartArray(field);
        foreach (var (text, attachment) in ContentPieces.Of(message))
        {
            json.WriteStartObject();
            if (attachment is null)
            {
                json.WriteString("type", "input_text");
                json.WriteString("text", text);
            }
            else
            {
                WriteAttachment(json, attachment);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAttachment(Utf8JsonWriter json, Attachment attachment)
    {
        if (attachment.Kind == AttachmentKind.Image)
        {
            json.WriteString("type", "input_image");
            json.WriteString("image_url", ContentPieces.UrlOf(attachment));
            json.WriteString("detail", attachment.Detail ?? "auto");
            return;
        }

        json.WriteString("type", "input_file");
        if (attachment.Name is { } name)
        {
            json.WriteString("filename", name);
        }

        json.WriteString(attachment.Url is null ? "file_data" : "file_url", ContentPieces.UrlOf(attachment));
    }
}
