using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>
/// What the answer's text must be: OpenAI's <c>response_format</c>, vLLM's <c>guided_json</c>, <c>guided_regex</c>, <c>guided_choice</c> and
/// <c>guided_grammar</c>, and its newer <c>structured_outputs</c>, which holds the same in one object. One constraint a request.
/// </summary>
internal static class ConstraintParser
{
    private const int MaxChoices = 4096;

    private static readonly (string Name, Func<WireValue, OutputConstraint?> Read)[] Fields =
    [
        ("response_format", ResponseFormat),
        ("guided_json", Schema),
        ("guided_regex", value => Text(value, ConstraintKind.Regex)),
        ("guided_choice", Choice),
        ("guided_grammar", value => Text(value, ConstraintKind.Grammar)),
        ("structured_outputs", StructuredOutputs),
    ];

    private static readonly (string Name, Func<WireValue, OutputConstraint?> Read)[] Structured =
    [
        ("json", Schema),
        ("regex", value => Text(value, ConstraintKind.Regex)),
        ("choice", Choice),
        ("grammar", value => Text(value, ConstraintKind.Grammar)),
        ("json_object", value => value.AsBoolean() == true ? Object(value) : null),
    ];

    /// <summary>The constraint, or null where the request has none.</summary>
    public static OutputConstraint? Parse(WireObject body) => Only(body, Fields);

    private static OutputConstraint? Only(WireObject body, (string Name, Func<WireValue, OutputConstraint?> Read)[] fields)
    {
        OutputConstraint? only = null;
        foreach (var (name, read) in fields)
        {
            if (body.Field(name) is not { } field || read(field) is not { } constraint)
            {
                continue;
            }

            if (only is not null)
            {
                body.Faults.Invalid(field.Path, $"{field.Path} is a second constraint beside {only.Param}. Send one of the two.");
            }

            only ??= constraint;
        }

        return only;
    }

    private static OutputConstraint? ResponseFormat(WireValue field)
    {
        if (field.AsObject() is not { } format || format.Required("type")?.AsText() is not { } type)
        {
            return null;
        }

        switch (type)
        {
            case "text":
                return null;
            case "json_object":
                return Object(field);
            case "json_schema":
                return format.Required("json_schema")?.AsObject() is { } named ? NamedSchema(named) : null;
            default:
                format.Faults.Unsupported(format.PathOf("type"), $"{format.PathOf("type")} must be one of text, json_object, json_schema.");
                return null;
        }
    }

    // The name and the description are for the model of whoever shows them to it; strict or not, the schema is enforced.
    private static OutputConstraint? NamedSchema(WireObject named)
    {
        _ = named.Text("name");
        _ = named.Flag("strict");
        return named.Required("schema") is { } schema ? Schema(schema) : null;
    }

    private static OutputConstraint? StructuredOutputs(WireValue field) => field.AsObject() is { } fields ? Only(fields, Structured) : null;

    /// <summary>A constraint by a schema: an object, true or false; vLLM's clients also send it as text.</summary>
    public static OutputConstraint? Schema(WireValue value)
    {
        if (value.Kind == JsonValueKind.String)
        {
            return SchemaText(value);
        }

        if (value.Kind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            value.WrongType("a JSON schema: an object, true or false");
            return null;
        }

        WellFormed.Check(value);
        return new OutputConstraint { Kind = ConstraintKind.JsonSchema, Param = value.Path, Source = value.Json.GetRawText() };
    }

    private static OutputConstraint? SchemaText(WireValue value)
    {
        if (value.AsText() is not { } text)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = RequestBody.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.String ? Malformed() : Schema(value with { Json = document.RootElement });
        }
        catch (JsonException exception) when (RequestBody.IsTooDeep(exception))
        {
            value.Faults.Invalid($"{value.Path}#", $"{value.Path} nests deeper than {RequestBody.MaxDepth} levels. Nest less. (at #)");
            return null;
        }
        catch (JsonException)
        {
            return Malformed();
        }

        OutputConstraint? Malformed()
        {
            value.Faults.Invalid(value.Path, $"{value.Path} is a text that is not the JSON of a schema. Send the schema itself, as an object.");
            return null;
        }
    }

    /// <summary>A constraint to any JSON object.</summary>
    public static OutputConstraint Object(WireValue value) => new() { Kind = ConstraintKind.JsonObject, Param = value.Path };

    private static OutputConstraint? Text(WireValue value, ConstraintKind kind) =>
        value.AsText() is { } text ? new OutputConstraint { Kind = kind, Param = value.Path, Source = text } : null;

    private static OutputConstraint? Choice(WireValue value)
    {
        if (value.Kind != JsonValueKind.Array)
        {
            value.WrongType("an array of strings");
            return null;
        }

        if (value.Json.GetArrayLength() is 0 or > MaxChoices)
        {
            value.Faults.Invalid(value.Path, $"{value.Path} must have 1 to {MaxChoices} items; got {value.Json.GetArrayLength()}.");
            return null;
        }

        return new OutputConstraint { Kind = ConstraintKind.Choice, Param = value.Path, Choices = [.. value.Items().Select(item => item.AsText() ?? "")] };
    }
}
