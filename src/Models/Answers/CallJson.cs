using System.Text;
using System.Text.Json;

namespace Penstock.Models.Answers;

/// <summary>Reads calls out of the JSON that models write: <c>{"name": ..., "arguments": {...}}</c>, Llama's <c>parameters</c>, arrays of these.</summary>
internal static class CallJson
{
    // Bounded by the answer's length: what a schema allows may nest as deep as its text is long.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = int.MaxValue };

    /// <param name="json">A whole value.</param>
    /// <param name="onlyFor">Not null: calls of these functions only, with their arguments, since nothing but the form says that it is a call.</param>
    /// <returns>The calls, or null where it is not the JSON of calls.</returns>
    public static IReadOnlyList<WrittenCall>? Read(ReadOnlyMemory<byte> json, IReadOnlySet<string>? onlyFor = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Deep);
            var root = document.RootElement;
            var calls = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().Select(item => One(item, onlyFor)).ToList() : [One(root, onlyFor)];
            return calls.Count == 0 || calls.Contains(null) ? null : [.. calls.OfType<WrittenCall>()];
        }
        catch (Exception error) when (IsMalformed(error))
        {
            return null;
        }
    }

    /// <returns>The object's text, or null where it is not JSON of an object.</returns>
    public static string? Object(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Deep);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.GetRawText() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static WrittenCall? One(JsonElement value, IReadOnlySet<string>? onlyFor)
    {
        if (value.ValueKind != JsonValueKind.Object || String(value, "name") is not { Length: > 0 } name)
            return null;

        var given = value.TryGetProperty("arguments", out var arguments) || value.TryGetProperty("parameters", out arguments);
        if (onlyFor is not null && !(given && onlyFor.Contains(name)))
            return null;
        // A function without parameters may be called without arguments. Some models write the object as a string.
        var text = !given ? "{}"
            : arguments.ValueKind == JsonValueKind.Object ? arguments.GetRawText()
            : arguments.ValueKind == JsonValueKind.String ? Object(Encoding.UTF8.GetBytes(arguments.GetString()!))
            : null;
        return text is null ? null : new WrittenCall(String(value, "id"), name, text);
    }

    private static string? String(JsonElement value, string name) =>
        value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    // InvalidOperationException: a string with half a surrogate pair is JSON, but no text.
    private static bool IsMalformed(Exception error) => error is JsonException or InvalidOperationException;
}
