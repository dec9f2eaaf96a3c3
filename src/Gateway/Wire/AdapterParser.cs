using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>The field <c>adapter</c>: a name, or <c>{"name", "scale"}</c>.</summary>
internal static class AdapterParser
{
    public const string Field = "adapter";

    private const int MaxName = 64;

    public static AdapterSelection? Parse(WireObject body)
    {
        if (body.Field(Field) is not { } field)
        {
            return null;
        }

        if (field.Kind == JsonValueKind.String)
        {
            return Named(field, null);
        }

        if (field.Kind != JsonValueKind.Object)
        {
            field.WrongType("a name or an object with name and scale");
            return null;
        }

        var fields = field.AsObject()!.Value;
        var scale = (float?)fields.Number("scale", AdapterSelection.LeastScale, AdapterSelection.MostScale);
        return fields.Required("name") is { } name ? Named(name, scale) : null;
    }

    private static AdapterSelection? Named(WireValue value, float? scale)
    {
        var name = value.AsText();
        if (name is { Length: 0 or > MaxName })
        {
            value.Faults.Invalid(value.Path, $"{value.Path} must be the name of an adapter, such as one that /v1/models lists after a colon.");
        }

        return name is null ? null : new AdapterSelection(name, scale);
    }
}
