using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Messages;

/// <summary>Content blocks of Anthropic's form.</summary>
internal static class BlockWriter
{
    public static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    public static void WriteThinking(Utf8JsonWriter json, string thinking, string signature)
    {
        json.WriteStartObject();
        json.WriteString("type", "thinking");
        json.WriteString("thinking", thinking);
        json.WriteString("signature", signature);
        json.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter json, ToolCall call)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_use");
        json.WriteString("id", call.Id);
        json.WriteString("name", call.Name);
        json.WritePropertyName("input");
        json.WriteRawValue(ToolInput.Of(call), skipInputValidation: true);
        json.WriteEndObject();
    }

    /// <summary>The blocks of content with pictures and documents, and of a text that is not empty.</summary>
    public static void WriteContent(Utf8JsonWriter json, ChatMessage message, string path, Translation translation)
    {
        var index = 0;
        foreach (var (text, attachment) in ContentPieces.Of(message))
        {
            if (attachment is null)
            {
                WriteText(json, text!);
            }
            else
            {
                WriteAttachment(json, attachment, $"{path}.content[{index}]", translation);
            }

            index++;
        }
    }

    public static void WriteResult(Utf8JsonWriter json, ChatMessage message, string path, Translation translation)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_result");
        json.WriteString("tool_use_id", message.ToolCallId);
        if (message.Attachments.Count > 0)
        {
            json.WriteStartArray("content");
            WriteContent(json, message, path, translation);
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("content", message.Content ?? "");
        }

        if (message.ToolFailed)
        {
            json.WriteBoolean("is_error", true);
        }

        json.WriteEndObject();
    }

    private static void WriteAttachment(Utf8JsonWriter json, Attachment attachment, string path, Translation translation)
    {
        if (attachment.Detail is not null)
        {
            translation.Lost($"{path}.image_url.detail", "How closely a picture is looked at cannot be said in this form.");
        }

        json.WriteStartObject();
        json.WriteString("type", attachment.Kind == AttachmentKind.Image ? "image" : "document");
        json.WriteStartObject("source");
        json.WriteString("type", attachment.Url is null ? "base64" : "url");
        if (attachment.Url is { } url)
        {
            json.WriteString("url", url);
        }
        else
        {
            json.WriteString("media_type", attachment.MediaType);
            json.WriteString("data", attachment.Data);
        }

        json.WriteEndObject();
        if (attachment.Name is { } name)
        {
            json.WriteString("title", name);
        }

        json.WriteEndObject();
    }

    /// <summary>Notes the author's name, which the form has no place for.</summary>
    public static void LoseName(ChatMessage message, string path, Translation translation)
    {
        if (message.Name is not null)
        {
            translation.Lost($"{path}.name", "Authors have no names in this form.");
        }
    }
}
