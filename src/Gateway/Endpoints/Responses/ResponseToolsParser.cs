using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary><c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c> in the form of Responses. Tools that OpenAI runs itself are refused by name.</summary>
internal static class ResponseToolsParser
{
    private const int MaxTools = 128;

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

    public static ToolChoice Choice(WireObject body, IReadOnlyList<ToolDefinition> tools)
    {
        var parallel = body.Field("parallel_tool_calls")?.AsBoolean() ?? true;
        if (body.Field("tool_choice") is not { } field)
        {
            return new ToolChoice(ToolChoiceMode.Auto, null, parallel);
        }

        if (field.Kind == JsonValueKind.Object)
        {
            return new ToolChoice(ToolChoiceMode.Required, Named(field.AsObject()!.Value, tools), parallel);
        }

        switch (field.AsText())
        {
            case "none":
                return ToolChoice.None with { Parallel = parallel };
            case "auto" or null:
                return new ToolChoice(ToolChoiceMode.Auto, null, parallel);
            case "required" when tools.Count > 0:
                return new ToolChoice(ToolChoiceMode.Required, null, parallel);
            case "required":
                body.Faults.Invalid(field.Path, "tool_choice requires a call, but tools declares none. Declare a tool, or leave tool_choice out.");
                break;
            default:
                body.Faults.Invalid(field.Path, "tool_choice must be \"none\", \"auto\", \"required\" or {\"type\": \"function\", \"name\": ...}.");
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

        var name = choice.Required("name")?.AsText();
        if (name is not null && tools.All(tool => tool.Name != name))
        {
            choice.Faults.Invalid(choice.PathOf("name"), $"{choice.PathOf("name")} is not the name of a tool that the request declares.");
        }

        return name;
    }

    private static ToolDefinition? Tool(WireObject tool)
    {
        if (tool.Required("type")?.AsText() is not { } type)
        {
            return null;
        }

        if (type != "function")
        {
            tool.Faults.Unsupported(tool.PathOf("type"), $"{tool.PathOf("type")} must be 'function': the server runs no tools itself. Declare a function of your own.");
            return null;
        }

        return FunctionTool.Parse(tool, "parameters");
    }
}
