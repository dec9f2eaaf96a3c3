using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Messages;

/// <summary>Tools and how they may be used, in Anthropic's form.</summary>
internal static class MessageToolsWriter
{
    public static void Write(Utf8JsonWriter json, InferenceRequest request)
    {
        if (request.Tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools");
        foreach (var tool in request.Tools)
        {
            WriteTool(json, tool);
        }

        json.WriteEndArray();
        WriteChoice(json, request.ToolChoice);
    }

    private static void WriteTool(Utf8JsonWriter json, ToolDefinition tool)
    {
        var parts = new ToolJson(tool);
        json.WriteStartObject();
        json.WriteString("name", tool.Name);
        if (parts.Description is { } description)
        {
            json.WriteString("description", description);
        }

        json.WritePropertyName("input_schema");
        json.WriteRawValue(parts.Parameters?.GetRawText() ?? """{"type":"object"}""", skipInputValidation: true);
        if (parts.Strict is { } strict)
        {
            json.WriteBoolean("strict", strict);
        }

        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (choice is { Mode: ToolChoiceMode.Auto, Parallel: true })
        {
            return;
        }

        json.WriteStartObject("tool_choice");
        json.WriteString("type", choice switch
        {
            { Mode: ToolChoiceMode.None } => "none",
            { Mode: ToolChoiceMode.Auto } => "auto",
            { Name: not null } => "tool",
            _ => "any",
        });
        if (choice is { Mode: ToolChoiceMode.Required, Name: { } name })
        {
            json.WriteString("name", name);
        }

        if (!choice.Parallel && choice.Mode != ToolChoiceMode.None)
        {
            json.WriteBoolean("disable_parallel_tool_use", true);
        }

        json.WriteEndObject();
    }
}
