using System.Text.Json;

namespace Penstock.Gateway.Wire;

/// <summary>Checks JSON that is passed on as it is: every string and field name in it must be text.</summary>
internal static class WellFormed
{
    /// <summary>Notes a fault for the first string with a lone surrogate. The parser has bounded the depth.</summary>
    public static void Check(WireValue value)
    {
        if (Fault(value.Json) is not { } fault)
        {
            return;
        }

        var place = value.Path + fault.Place;
        value.Faults.Invalid(place, fault.InName
            ? $"A field name in {place} holds a lone surrogate: it is not text. Send whole characters."
            : $"{place} holds a lone surrogate (half of a \\ud800-\\udfff pair): it is not text. Send whole characters.");
    }

    // The place is put together on the way back from a fault only: in what is deep and wide, paths would be most of the work.
    private static (string Place, bool InName)? Fault(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => IsText(value) ? null : ("", false),
        JsonValueKind.Array => InItems(value),
        JsonValueKind.Object => InFields(value),
        _ => null,
    };

    private static (string Place, bool InName)? InItems(JsonElement array)
    {
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (Fault(item) is { } fault)
            {
                return ($"[{index}]{fault.Place}", fault.InName);
            }

            index++;
        }

        return null;
    }

    private static (string Place, bool InName)? InFields(JsonElement value)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
            {
                return ("", true);
            }

            if (Fault(property.Value) is { } fault)
            {
                return ($".{name}{fault.Place}", fault.InName);
            }
        }

        return null;
    }

    private static bool IsText(JsonElement text)
    {
        try
        {
            _ = text.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
