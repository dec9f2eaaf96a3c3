using System.Text.Json;

namespace Penstock.Gateway.Wire;

/// <summary>A JSON object with its path. A field that is null counts as absent, as in OpenAI's API; an unknown one is never looked at.</summary>
public readonly struct WireObject(JsonElement json, string path, WireFaults faults)
{
    /// <summary>The object itself, for what is kept as the client wrote it.</summary>
    public JsonElement Json => json;

    /// <summary>Where it stands; empty for the body itself.</summary>
    public string Path => path;

    public WireFaults Faults => faults;

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The field, or null when it is absent or null.</summary>
    public WireValue? Field(string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new WireValue(value, PathOf(name), faults) : null;

    /// <summary>The field, which must be there.</summary>
    public WireValue? Required(string name)
    {
        var field = Field(name);
        if (field is null)
        {
            faults.Invalid(PathOf(name), $"{PathOf(name)} is missing.");
        }

        return field;
    }

    public string? Text(string name) => Field(name)?.AsText();

    public int? Integer(string name, int min, int max) => Field(name)?.AsInteger(min, max);

    public double? Number(string name, double min, double max) => Field(name)?.AsNumber(min, max);

    public float Single(string name, double min, double max, float otherwise) => (float?)Number(name, min, max) ?? otherwise;

    public bool Flag(string name) => Field(name)?.AsBoolean() ?? false;

    public WireObject? Object(string name) => Field(name)?.AsObject();

    /// <summary>The items of an array of at most <paramref name="max"/>; none when the field is absent or not an array (a fault).</summary>
    public IEnumerable<WireValue> Items(string name, int max)
    {
        if (Field(name) is not { } field)
        {
            return [];
        }

        if (field.Kind != JsonValueKind.Array)
        {
            field.WrongType("an array");
            return [];
        }

        if (field.Json.GetArrayLength() <= max)
        {
            return field.Items();
        }

        faults.Invalid(field.Path, $"{field.Path} may have at most {max} items; got {field.Json.GetArrayLength()}.");
        return [];
    }
}
