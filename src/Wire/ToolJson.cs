using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire;

/// <summary>The parts of a tool's definition, which is kept in OpenAI's chat form.</summary>
public readonly struct ToolJson
{
    private readonly JsonElement function;

    public ToolJson(ToolDefinition tool) => tool.Json.TryGetProperty("function", out function);

    /// <summary>What the tool does; null when the client does not say.</summary>
    public string? Description => Field("description") is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The schema of its arguments; null for a function without any.</summary>
    public JsonElement? Parameters => Field("parameters") is { ValueKind: JsonValueKind.Object } schema ? schema : null;

    /// <summary>Whether calls must fit the schema; null when the client does not say.</summary>
    public bool? Strict => Field("strict") is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : null;

    private JsonElement? Field(string name) => function.ValueKind == JsonValueKind.Object && function.TryGetProperty(name, out var value) ? value : null;
}
