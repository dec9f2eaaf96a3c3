using System.Text.Json;

namespace Penstock.Gateway.Wire;

/// <summary>A JSON value with its path, read strictly: a fault is noted under the path and the reader goes on with a default.</summary>
/// <param name="Json">The value.</param>
/// <param name="Path">Where it stands, in OpenAI's notation: <c>messages[2].content</c>.</param>
/// <param name="Faults">Where faults go.</param>
public readonly record struct WireValue(JsonElement Json, string Path, WireFaults Faults)
{
    public JsonValueKind Kind => Json.ValueKind;

    /// <summary>The items of an array, each with its path.</summary>
    public IEnumerable<WireValue> Items()
    {
        var index = 0;
        foreach (var item in Json.EnumerateArray())
        {
            yield return new(item, $"{Path}[{index++}]", Faults);
        }
    }

    /// <summary>The value as an object; a fault and null when it is something else.</summary>
    public WireObject? AsObject()
    {
        if (Kind == JsonValueKind.Object)
        {
            return new(Json, Path, Faults);
        }

        WrongType("an object");
        return null;
    }

    /// <summary>The value as well-formed text; a fault and null when it is something else.</summary>
    public string? AsText()
    {
        if (Kind != JsonValueKind.String)
        {
            WrongType("a string");
            return null;
        }

        try
        {
            return Json.GetString();
        }
        catch (InvalidOperationException)
        {
            Faults.Invalid(Path, $"{Path} holds a lone surrogate (half of a \\ud800-\\udfff pair): it is not text. Send whole characters.");
            return null;
        }
    }

    public int? AsInteger(int min, int max)
    {
        if (Kind != JsonValueKind.Number)
        {
            WrongType("an integer");
            return null;
        }

        if (Json.TryGetInt32(out var value) && value >= min && value <= max)
        {
            return value;
        }

        Faults.Invalid(Path, $"{Path} must be an integer from {min} to {max}; got {Shown()}.");
        return null;
    }

    public double? AsNumber(double min, double max)
    {
        if (Kind != JsonValueKind.Number)
        {
            WrongType("a number");
            return null;
        }

        if (Json.TryGetDouble(out var value) && value >= min && value <= max)
        {
            return value;
        }

        Faults.Invalid(Path, $"{Path} must be a number from {min} to {max}; got {Shown()}.");
        return null;
    }

    public bool? AsBoolean()
    {
        if (Kind is JsonValueKind.True or JsonValueKind.False)
        {
            return Kind == JsonValueKind.True;
        }

        WrongType("true or false");
        return null;
    }

    /// <summary>Notes that the value is not <paramref name="wanted"/>.</summary>
    public void WrongType(string wanted) => Faults.Invalid(Path, $"{Path} must be {wanted}; got {Name(Kind)}.");

    /// <summary>A number as the client wrote it, shortened.</summary>
    private string Shown() => Json.GetRawText() is { Length: <= 32 } text ? text : $"{Json.GetRawText()[..32]}...";

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
