using System.Buffers;
using System.Text.Json;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Wire;

/// <summary><c>chat_template_kwargs</c>: the template's own switches.</summary>
internal static class TemplateArgumentsParser
{
    private const string Thinking = "enable_thinking";

    private static readonly string[] Reserved = ["messages", "tools"];

    public static JsonElement? Parse(WireObject body)
    {
        if (body.Field("chat_template_kwargs") is not { } field || field.AsObject() is null)
        {
            return null;
        }

        foreach (var reserved in Reserved.Where(name => field.Json.TryGetProperty(name, out _)))
        {
            body.Faults.Invalid($"{field.Path}.{reserved}", $"{field.Path} may not set {reserved}: it is a field of the request itself.");
        }

        WellFormed.Check(field);
        return field.Json.Clone();
    }

    /// <summary>Switches the model's thinking on or off, under the name that most families' templates know; what the client switched by that name itself stays.</summary>
    public static JsonElement WithThinking(JsonElement? arguments, bool on)
    {
        if (arguments is { } given && given.TryGetProperty(Thinking, out _))
        {
            return given;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonResponse.WriterOptions))
        {
            json.WriteStartObject();
            if (arguments is { } others)
            {
                foreach (var property in others.EnumerateObject())
                {
                    property.WriteTo(json);
                }
            }

            json.WriteBoolean(Thinking, on);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
