using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary><c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
internal static class ToolChoiceParser
{
    public static ToolChoice Parse(WireObject body, IReadOnlyList<ToolDefinition> tools)
    {
        var parallel = body.Field("parallel_tool_calls")?.AsBoolean() ?? true;
        if (body.Field("tool_choice") is not { } field)
        {
            return new ToolChoice(ToolChoiceMode.Auto, null, parallel);
        }

        var (mode, name) = field.Kind switch
        {
            JsonValueKind.String => (field.AsText(), null),
            JsonValueKind.Object => ("required", Named(field.AsObject()!.Value, tools)),
            _ => (null, null),
        };
        switch (mode)
        {
            case "none":
                return ToolChoice.None with { Parallel = parallel };
            case "auto":
                return new ToolChoice(ToolChoiceMode.Auto, null, parallel);
            case "required" when tools.Count > 0:
                return new ToolChoice(ToolChoiceMode.Required, name, parallel);
            case "required":
                body.Faults.Invalid(field.Path, "tool_choice requires a call, but tools declares none. Declare a tool, or leave tool_choice out.");
                break;
            case null:
                field.WrongType("a string or an object that names a function");
                break;
            default:
                body.Faults.Invalid(field.Path, "tool_choice must be \"none\", \"auto\", \"required\" or {\"type\": \"function\", \"function\": {\"name\": ...}}.");
                break;
        }

        return ToolChoice.Auto;
    }

    private static string? Named(WireObject choice, IReadOnlyList<ToolDefinition> tools)
    {
        if (choice.Required("type")?.AsText() is not { } type)
        {
            return null;
        }

        if (type != "function")
        {
            choice.Faults.Unsupported(choice.PathOf("type"), $"{choice.PathOf("type")} must be 'function'; other kinds are not supported.");
            return null;
        }

        if (choice.Required("function")?.AsObject() is not { } function || function.Required("name") is not { } name || name.AsText() is not { } text)
        {
            return null;
        }

        if (tools.All(tool => tool.Name != text))
        {
            choice.Faults.Invalid(name.Path, $"{name.Path} is not the name of a tool that the request declares.");
        }

        return text;
    }
}
