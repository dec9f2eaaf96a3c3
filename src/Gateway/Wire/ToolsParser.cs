using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>
/// <c>tools</c> and <c>tool_choice</c>. Tools are rendered into the prompt through the model's template; forcing a call needs
/// constrained output and is refused by name.
/// </summary>
internal static class ToolsParser
{
    private const int MaxTools = 128;
    private const int MaxName = 128;

    public static IReadOnlyList<ToolDefinition> Parse(WireObject body)
    {
        var tools = new List<ToolDefinition>();
        foreach (var item in body.Items("tools", MaxTools))
        {
            if (item.AsObject() is { } tool && Tool(tool) is { } definition)
            {
                tools.Add(definition);
            }
        }

        if (tools.Count > 0 && body.Field("parallel_tool_calls")?.AsBoolean() == false)
        {
            body.Faults.Unsupported("parallel_tool_calls", "parallel_tool_calls: false is not supported: how many calls the model makes cannot be constrained yet. Leave it out.");
        }

        return Choice(body) == "none" ? [] : tools;
    }

    /// <summary>The calls that an assistant message made.</summary>
    public static IReadOnlyList<ToolCall> ParseCalls(WireObject message)
    {
        var calls = new List<ToolCall>();
        foreach (var item in message.Items("tool_calls", MaxTools))
        {
            if (item.AsObject() is { } call && IsFunction(call) && call.Required("function")?.AsObject() is { } function
                && call.Required("id")?.AsText() is { } id
                && function.Required("name")?.AsText() is { } name
                && function.Required("arguments")?.AsText() is { } arguments)
            {
                calls.Add(new ToolCall(id, name, arguments));
            }
        }

        return calls;
    }

    private static string Choice(WireObject body)
    {
        if (body.Field("tool_choice") is not { } field)
        {
            return "auto";
        }

        if (field.Kind == JsonValueKind.String && field.AsText() is "auto" or "none")
        {
            return field.AsText()!;
        }

        if (field.Kind is JsonValueKind.String or JsonValueKind.Object)
        {
            body.Faults.Unsupported(field.Path, "tool_choice must be \"auto\" or \"none\": forcing a call needs constrained output, which comes in a later version.");
        }
        else
        {
            field.WrongType("\"auto\" or \"none\"");
        }

        return "auto";
    }

    private static ToolDefinition? Tool(WireObject tool)
    {
        if (!IsFunction(tool) || tool.Required("function")?.AsObject() is not { } function || function.Required("name")?.AsText() is not { } name)
        {
            return null;
        }

        if (name.Length is 0 or > MaxName)
        {
            tool.Faults.Invalid(function.PathOf("name"), $"{function.PathOf("name")} must have 1 to {MaxName} characters; got {name.Length}.");
            return null;
        }

        // Templates print the definition: it must be text through and through.
        if (function.Field("parameters") is { Kind: not JsonValueKind.Object } parameters)
        {
            parameters.WrongType("an object: a JSON schema");
        }

        WellFormed.Check(new(tool.Json, tool.Path, tool.Faults));
        return new ToolDefinition(name, tool.Json.Clone());
    }

    private static bool IsFunction(WireObject value)
    {
        if (value.Required("type")?.AsText() is not { } type)
        {
            return false;
        }

        if (type != "function")
        {
            value.Faults.Unsupported(value.PathOf("type"), $"{value.PathOf("type")} must be 'function'; other kinds are not supported.");
        }

        return type == "function";
    }
}
