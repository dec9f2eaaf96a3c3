using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary><c>tool_choice</c> and <c>parallel_tool_calls</c>, in the two forms of OpenAI's that differ in how a function is named.</summary>
internal static class ToolChoiceParser
{
    /// <summary>Of a chat: <c>{"type": "function", "function": {"name"}}</c>.</summary>
    public static ToolChoice Parse(WireObject body, IReadOnlyList<ToolDefinition> tools) => Parse(body, tools, nested: true);

    /// <summary>Of Responses: <c>{"type": "function", "name"}</c>.</summary>
    public static ToolChoice ParseFlat(WireObject body, IReadOnlyList<ToolDefinition> tools) => Parse(body, tools, nested: false);

    /// <summary>Notes a fault where a name is not that of a declared tool.</summary>
    public static void CheckDeclared(WireValue name, string? text, IReadOnlyList<ToolDefinition> tools)
    {
        if (text is not null && tools.All(tool => tool.Name != text))
        {
            name.Faults.Invalid(name.Path, $"{name.Path} is not the name of a tool that the request declares.");
        }
    }

    private static ToolChoice Parse(WireObject body, IReadOnlyList<ToolDefinition> tools, bool nested)
    {
        var parallel = body.Field("parallel_tool_calls")?.AsBoolean() ?? true;
        if (body.Field("tool_choice") is not { } field)
        {
            return new ToolChoice(ToolChoiceMode.Auto, null, parallel);
        }

        var (mode, name) = field.Kind switch
        {
            JsonValueKind.String => (field.AsText(), null),
            JsonValueKind.Object => ("required", Named(field.AsObject()!.Value, tools, nested)),
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
                var shape = nested ? "{\"type\": \"function\", \"function\": {\"name\": ...}}" : "{\"type\": \"function\", \"name\": ...}";
                body.Faults.Invalid(field.Path, $"tool_choice must be \"none\", \"auto\", \"required\" or {shape}.");
                break;
        }

        return ToolChoice.Auto;
    }

    private static string? Named(WireObject choice, IReadOnlyList<ToolDefinition> tools, bool nested)
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

        var owner = nested ? choice.Required("function")?.AsObject() : choice;
        if (owner?.Required("name") is not { } name || name.AsText() is not { } text)
        {
            return null;
        }

        CheckDeclared(name, text, tools);
        return text;
    }
}
