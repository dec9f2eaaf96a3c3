using System.Text.Json;

namespace Penstock.Gateway.Wire;

/// <summary><c>stop</c> (<c>stop_sequences</c> in Anthropic's form): a string, or up to 16 of them.</summary>
internal static class StopParser
{
    private const int MaxStops = 16;
    private const int MaxCharacters = 1024;

    public static IReadOnlyList<string> Parse(WireObject body, string name = "stop")
    {
        if (body.Field(name) is not { } field)
        {
            return [];
        }

        if (field.Kind is not (JsonValueKind.String or JsonValueKind.Array))
        {
            field.WrongType("a string or an array of strings");
            return [];
        }

        var stops = new List<string>();
        foreach (var item in field.Kind == JsonValueKind.String ? [field] : body.Items(name, MaxStops))
        {
            var text = item.AsText();
            if (text is { Length: 0 or > MaxCharacters })
            {
                body.Faults.Invalid(item.Path, $"{item.Path} must have 1 to {MaxCharacters} characters; got {text.Length}.");
            }

            stops.Add(text ?? "");
        }

        return stops;
    }
}
