using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary><c>tools</c> in the form of Responses. Tools that OpenAI runs itself are refused by name.</summary>
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
