using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary><c>output_config</c>, and the older <c>output_format</c>: what the answer's text must be, and how hard the model tries.</summary>
internal static class OutputConfigParser
{
    public static OutputConstraint? Parse(WireObject body)
    {
        var config = body.Object("output_config");
        if (config?.Text("effort") is not null)
        {
            body.Faults.Lost("output_config.effort", "How hard a model tries cannot be set; thinking switches its thinking on and off.");
        }

        if ((config?.Object("format") ?? body.Object("output_format")) is not { } format || format.Required("type")?.AsText() is not { } type)
        {
            return null;
        }

        if (type != "json_schema")
        {
            format.Faults.Unsupported(format.PathOf("type"), $"{format.PathOf("type")} must be json_schema.");
            return null;
        }

        return format.Required("schema") is { } schema ? ConstraintParser.Schema(schema) : null;
    }
}
