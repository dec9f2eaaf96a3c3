using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Wire.Chat;

namespace Penstock.Wire;

/// <summary>What an answer must be, in each form. A constraint that a form cannot say is a refusal: nobody should believe in one that does not hold.</summary>
internal static class ConstraintWriter
{
    // OpenAI's forms want a name; the canonical constraint has none, and it changes nothing.
    private const string SchemaName = "answer";

    public static void WriteChat(Utf8JsonWriter json, OutputConstraint? constraint, ChatDialect dialect, Translation translation)
    {
        switch (constraint?.Kind)
        {
            case null:
                break;
            case ConstraintKind.JsonObject:
                json.WriteStartObject("response_format");
                json.WriteString("type", "json_object");
                json.WriteEndObject();
                break;
            case ConstraintKind.JsonSchema:
                json.WriteStartObject("response_format");
                json.WriteString("type", "json_schema");
                json.WriteStartObject("json_schema");
                json.WriteString("name", SchemaName);
                WriteSchema(json, constraint);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case var _ when dialect == ChatDialect.Plain:
                Refuse(constraint, translation);
                break;
            case ConstraintKind.Regex:
                json.WriteString("guided_regex", constraint.Source);
                break;
            case ConstraintKind.Grammar:
                json.WriteString("guided_grammar", constraint.Source);
                break;
            case ConstraintKind.Choice:
                json.WriteStartArray("guided_choice");
                foreach (var choice in constraint.Choices)
                {
                    json.WriteStringValue(choice);
                }

                json.WriteEndArray();
                break;
        }
    }

    /// <summary>Writes <c>output_config</c> of Anthropic's form.</summary>
    public static void WriteMessages(Utf8JsonWriter json, OutputConstraint? constraint, Translation translation)
    {
        if (constraint is { Kind: ConstraintKind.JsonSchema })
        {
            json.WriteStartObject("output_config");
            json.WriteStartObject("format");
            json.WriteString("type", "json_schema");
            WriteSchema(json, constraint);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else if (constraint is not null)
        {
            Refuse(constraint, translation);
        }
    }

    /// <summary>Writes <c>text</c> of OpenAI's Responses.</summary>
    public static void WriteResponses(Utf8JsonWriter json, OutputConstraint? constraint, Translation translation)
    {
        if (constraint is null)
        {
            return;
        }

        if (constraint.Kind is not (ConstraintKind.JsonSchema or ConstraintKind.JsonObject))
        {
            Refuse(constraint, translation);
            return;
        }

        json.WriteStartObject("text");
        json.WriteStartObject("format");
        if (constraint.Kind == ConstraintKind.JsonObject)
        {
            json.WriteString("type", "json_object");
        }
        else
        {
            json.WriteString("type", "json_schema");
            json.WriteString("name", SchemaName);
            WriteSchema(json, constraint);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter json, OutputConstraint constraint)
    {
        json.WritePropertyName("schema");
        json.WriteRawValue(constraint.Source, skipInputValidation: true);
    }

    private static void Refuse(OutputConstraint constraint, Translation translation) =>
        translation.Refuse(constraint.Param, $"{constraint.Param} cannot be said in the form of the provider that serves this model. Send a JSON schema, or use a model that is served here.");
}
