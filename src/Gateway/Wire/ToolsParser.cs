using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary><c>tools</c>, which are rendered into the prompt through the model's template.</summary>
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

        return tools;
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
