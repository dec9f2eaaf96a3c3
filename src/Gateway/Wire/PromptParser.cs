using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>Raw prompts: a string, an array of strings, an array of token ids, or an array of those.</summary>
internal static class PromptParser
{
    /// <param name="body">The request.</param>
    /// <param name="name">The field: <c>prompt</c> or <c>input</c>.</param>
    /// <param name="maxInputs">Most prompts in one request.</param>
    public static IReadOnlyList<PromptInput> Parse(WireObject body, string name, int maxInputs)
    {
        if (body.Required(name) is not { } field)
        {
            return [];
        }

        if (field.Kind == JsonValueKind.String)
        {
            return [Text(field)];
        }

        if (field.Kind != JsonValueKind.Array)
        {
            field.WrongType("a string, an array of strings, or token ids");
            return [];
        }

        if (field.Json.GetArrayLength() == 0)
        {
            body.Faults.Invalid(field.Path, $"{field.Path} is empty.");
            return [];
        }

        if (field.Json[0].ValueKind == JsonValueKind.Number)
        {
            return [Tokens(field)];
        }

        if (field.Json.GetArrayLength() > maxInputs)
        {
            const string one = "holds several prompts; send one prompt a request, they are batched by the server.";
            body.Faults.Unsupported(field.Path, maxInputs == 1 ? $"{field.Path} {one}" : $"{field.Path} may have at most {maxInputs} items; got {field.Json.GetArrayLength()}.");
            return [];
        }

        return [.. field.Items().Select(item => item.Kind == JsonValueKind.Array ? Tokens(item) : Text(item))];
    }

    private static PromptInput Text(WireValue value)
    {
        var text = value.AsText() ?? "";
        if (text.Length == 0)
        {
            value.Faults.Invalid(value.Path, $"{value.Path} is empty. Send some text.");
        }

        return new(text, null);
    }

    private static PromptInput Tokens(WireValue value)
    {
        var tokens = new List<int>(value.Json.GetArrayLength());
        foreach (var item in value.Items())
        {
            if (item.AsInteger(0, int.MaxValue) is not { } token)
            {
                break;
            }

            tokens.Add(token);
        }

        if (tokens.Count == 0)
        {
            value.Faults.Invalid(value.Path, $"{value.Path} has no token ids.");
        }

        return new(null, tokens);
    }
}
