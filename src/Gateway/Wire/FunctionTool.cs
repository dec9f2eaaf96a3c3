using System.Buffers;
using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Wire;

/// <summary>A tool whose fields stand side by side, as in Responses and in Anthropic's form; it is kept in the form of OpenAI's chats, which templates print.</summary>
internal static class FunctionTool
{
    private const int MaxName = 128;

    /// <summary>The definition, or null where it has a fault.</summary>
    /// <param name="tool">With <c>name</c>, <c>description</c> and <c>strict</c>.</param>
    /// <param name="schemaName">The field of the arguments' schema, an object; left out, the function has none.</param>
    public static ToolDefinition? Parse(WireObject tool, string schemaName)
    {
        if (tool.Required("name")?.AsText() is not { } name)
        {
            return null;
        }

        if (name.Length is 0 or > MaxName)
        {
            tool.Faults.Invalid(tool.PathOf("name"), $"{tool.PathOf("name")} must have 1 to {MaxName} characters; got {name.Length}.");
            return null;
        }

        var schema = tool.Field(schemaName);
        if (schema is { } given)
        {
            if (given.AsObject() is null)
            {
                return null;
            }

            // Templates print the definition: it must be text through and through.
            WellFormed.Check(given);
        }

        return new ToolDefinition(name, Definition(name, tool.Text("description"), schema?.Json, tool.Field("strict")?.AsBoolean()));
    }

    private static JsonElement Definition(string name, string? description, JsonElement? schema, bool? strict)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonResponse.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", name);
            if (description is not null)
            {
                json.WriteString("description", description);
            }

            if (schema is { } parameters)
            {
                json.WritePropertyName("parameters");
                json.WriteRawValue(parameters.GetRawText(), skipInputValidation: true);
            }

            if (strict is { } value)
            {
                json.WriteBoolean("strict", value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
