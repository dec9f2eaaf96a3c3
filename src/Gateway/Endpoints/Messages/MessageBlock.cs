using System.Buffers;
using System.Text;
using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>A content block of an answer that goes out as a whole: thinking, text or a call.</summary>
internal sealed class MessageBlock(GenerationEventKind kind, ToolCall? call = null)
{
    private readonly ArrayBufferWriter<byte> text = new();
    private string signature = "";

    public GenerationEventKind Kind => kind;

    /// <summary>More of its text; of a call's, more of its arguments.</summary>
    public void Append(ReadOnlySpan<byte> utf8) => text.Write(utf8);

    /// <summary>Whether nothing more belongs to it.</summary>
    public bool Signed => signature.Length > 0;

    /// <summary>Of thinking: its provider's signature, which ends it.</summary>
    public void Sign(string text) => signature = text;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (call is not null)
        {
            WriteCallHead(json, call);
            json.WritePropertyName("input");
            json.WriteRawValue(ToolInput.Of(call with { ArgumentsJson = call.ArgumentsJson + Encoding.UTF8.GetString(text.WrittenSpan) }), skipInputValidation: true);
        }
        else if (kind == GenerationEventKind.Reasoning)
        {
            json.WriteString("type", "thinking");
            json.WriteString("thinking", text.WrittenSpan);
            json.WriteString("signature", signature);
        }
        else
        {
            json.WriteString("type", "text");
            json.WriteString("text", text.WrittenSpan);
            json.WriteNull("citations");
        }

        json.WriteEndObject();
    }

    /// <summary>What a call's block says before its input.</summary>
    public static void WriteCallHead(Utf8JsonWriter json, ToolCall call)
    {
        json.WriteString("type", "tool_use");
        json.WriteString("id", call.Id);
        json.WriteString("name", call.Name);
        json.WriteStartObject("caller");
        json.WriteString("type", "direct");
        json.WriteEndObject();
    }
}
