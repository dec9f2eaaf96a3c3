using System.Buffers;
using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>An output item: the model's thinking, a message, or a call.</summary>
/// <param name="kind">Which of the three.</param>
/// <param name="answer">The answer's id without its prefix.</param>
/// <param name="index">Its place in the output.</param>
/// <param name="call">For a call: id and name.</param>
internal sealed class ResponseItem(GenerationEventKind kind, string answer, int index, ToolCall? call = null)
{
    private readonly ArrayBufferWriter<byte> text = new();
    private string? signature;

    public GenerationEventKind Kind => kind;

    public int Index => index;

    public string Id { get; } = $"{Prefix(kind)}{answer}_{index}";

    /// <summary>Text, thinking, or a call's arguments, so far.</summary>
    public ReadOnlySpan<byte> Text => text.WrittenSpan;

    /// <summary>The function that a call names.</summary>
    public string? Name => call?.Name;

    public void Append(ReadOnlySpan<byte> utf8) => text.Write(utf8);

    /// <summary>Whether nothing more belongs to it.</summary>
    public bool Signed => signature is not null;

    /// <summary>Of thinking: its provider's signature, which ends it and which this form calls <c>encrypted_content</c>.</summary>
    public void Sign(string given) => signature = given;

    /// <summary>Writes the item.</summary>
    /// <param name="json">Output.</param>
    /// <param name="status"><c>in_progress</c>: without what it says; else <c>completed</c> or <c>incomplete</c>.</param>
    public void Write(Utf8JsonWriter json, string status)
    {
        var empty = status == ResponseJson.InProgress;
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("type", kind switch { GenerationEventKind.Reasoning => "reasoning", GenerationEventKind.ToolCall => "function_call", _ => "message" });
        json.WriteString("status", status);
        if (call is not null)
        {
            json.WriteString("call_id", call.Id);
            json.WriteString("name", call.Name);
            json.WriteString("arguments", empty ? [] : text.WrittenSpan);
            json.WriteEndObject();
            return;
        }

        if (kind == GenerationEventKind.Reasoning)
        {
            json.WriteStartArray("summary");
            json.WriteEndArray();
            if (signature is not null && !empty)
            {
                json.WriteString("encrypted_content", signature);
            }
        }
        else
        {
            json.WriteString("role", "assistant");
        }

        json.WriteStartArray("content");
        if (!empty)
        {
            WritePart(json, text.WrittenSpan);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes its only part of content.</summary>
    public void WritePart(Utf8JsonWriter json, ReadOnlySpan<byte> said)
    {
        json.WriteStartObject();
        json.WriteString("type", kind == GenerationEventKind.Reasoning ? "reasoning_text" : "output_text");
        if (kind != GenerationEventKind.Reasoning)
        {
            json.WriteStartArray("annotations");
            json.WriteEndArray();
            json.WriteStartArray("logprobs");
            json.WriteEndArray();
        }

        json.WriteString("text", said);
        json.WriteEndObject();
    }

    private static string Prefix(GenerationEventKind kind) => kind switch
    {
        GenerationEventKind.Reasoning => "rs_",
        GenerationEventKind.ToolCall => "fc_",
        _ => "msg_",
    };
}
