using System.Text.Json;

namespace Penstock.Gateway.Wire;

/// <summary>Checks JSON that is passed on as it is: every string and field name in it must be text.</summary>
internal static class WellFormed
{
    /// <summary>Notes a fault for each string with a lone surrogate. The parser has bounded the depth.</summary>
    public static void Check(WireValue value)
    {
        switch (value.Kind)
        {
            case JsonValueKind.String:
                _ = value.AsText();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.Items())
                {
                    Check(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in value.Json.EnumerateObject())
                {
                    Check(new(property.Value, NameOf(property, value), value.Faults));
                }

                break;
        }
    }

    private static string NameOf(JsonProperty property, WireValue parent)
    {
        try
        {
            return $"{parent.Path}.{property.Name}";
        }
        catch (InvalidOperationException)
        {
            parent.Faults.Invalid(parent.Path, $"A field name in {parent.Path} holds a lone surrogate: it is not text. Send whole characters.");
            return parent.Path;
        }
    }
}
