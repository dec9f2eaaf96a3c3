using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary><c>text</c>: what the answer's text must be.</summary>
internal static class TextFormatParser
{
    public static OutputConstraint? Parse(WireObject body)
    {
        if (body.Object("text") is not { } text)
        {
            return null;
        }

        if (text.Field("verbosity") is { } verbosity)
        {
            body.Faults.Lost(verbosity.Path, "How long an answer is cannot be set; say it in instructions.");
        }

        if (text.Field("format") is not { } field || field.AsObject() is not { } format || format.Required("type")?.AsText() is not { } type)
        {
            return null;
        }

        switch (type)
        {
            case "text":
                return null;
            case "json_object":
                return ConstraintParser.Object(field);
            case "json_schema":
                _ = format.Text("name");
                return format.Required("schema") is { } schema ? ConstraintParser.Schema(schema) : null;
            default:
                format.Faults.Unsupported(format.PathOf("type"), $"{format.PathOf("type")} must be one of text, json_object, json_schema.");
                return null;
        }
    }
}
