using System.Text.Json;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>What a response repeats of its request, as the client wrote it, with the form's defaults for what it left out.</summary>
internal sealed class ResponseEcho
{
    private static readonly (string Name, string Default)[] Fields =
    [
        ("instructions", "null"),
        ("max_output_tokens", "null"),
        ("metadata", "{}"),
        ("parallel_tool_calls", "true"),
        ("reasoning", """{"effort":null,"summary":null}"""),
        ("temperature", "1"),
        ("text", """{"format":{"type":"text"}}"""),
        ("tool_choice", "\"auto\""),
        ("tools", "[]"),
        ("top_p", "1"),
        ("truncation", "\"disabled\""),
        ("user", "null"),
    ];

    private readonly Dictionary<string, JsonElement> given;

    private ResponseEcho(Dictionary<string, JsonElement> given) => this.given = given;

    public static ResponseEcho Empty { get; } = new([]);

    public static ResponseEcho Of(WireObject body)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, _) in Fields)
        {
            if (body.Field(name) is { } field)
            {
                fields.Add(name, field.Json.Clone());
            }
        }

        return new(fields);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteBoolean("background", false);
        json.WriteNull("previous_response_id");
        json.WriteBoolean("store", false);
        foreach (var (name, otherwise) in Fields)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(given.TryGetValue(name, out var value) ? value.GetRawText() : otherwise, skipInputValidation: true);
        }
    }
}
