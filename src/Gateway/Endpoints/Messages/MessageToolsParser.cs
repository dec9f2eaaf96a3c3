using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary><c>tools</c> and <c>tool_choice</c> in Anthropic's form. Tools that a provider runs itself are refused by name.</summary>
internal static class MessageToolsParser
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
        if (body.Object("tool_choice") is not { } choice || choice.Required("type")?.AsText() is not { } type)
        {
            return ToolChoice.Auto;
        }

        var parallel = !choice.Flag("disable_parallel_tool_use");
        switch (type)
        {
            case "auto":
                return new ToolChoice(ToolChoiceMode.Auto, null, parallel);
            case "none":
                return ToolChoice.None;
            case "any" or "tool" when tools.Count == 0:
                choice.Faults.Invalid(choice.Path, "tool_choice requires a call, but tools declares none. Declare a tool, or leave tool_choice out.");
                return ToolChoice.Auto;
            case "any":
                return new ToolChoice(ToolChoiceMode.Required, null, parallel);
            case "tool":
                return new ToolChoice(ToolChoiceMode.Required, Named(choice, tools), parallel);
            default:
                choice.Faults.Invalid(choice.PathOf("type"), $"{choice.PathOf("type")} must be one of auto, any, tool, none.");
                return ToolChoice.Auto;
        }
    }

    private static string? Named(WireObject choice, IReadOnlyList<ToolDefinition> tools)
    {
        if (choice.Required("name") is not { } name)
        {
            return null;
        }

        var text = name.AsText();
        ToolChoiceParser.CheckDeclared(name, text, tools);
        return text;
    }

    private static ToolDefinition? Tool(WireObject tool)
    {
        if (tool.Text("type") is { } type && type != "custom")
        {
            tool.Faults.Unsupported(tool.PathOf("type"), $"{tool.PathOf("type")} names a tool that a provider runs or defines; declare one of your own, with name and input_schema.");
            return null;
        }

        if (tool.Required("input_schema") is null)
        {
            return null;
        }

        Let(tool);
        return FunctionTool.Parse(tool, "input_schema");
    }

    private static void Let(WireObject tool)
    {
        CacheMarks.Let(tool);
        if (tool.Field("input_examples") is { } examples)
        {
            tool.Faults.Lost(examples.Path, "Examples of a tool's input are not shown to the model; describe them in description.");
        }

        if (tool.Flag("defer_loading"))
        {
            tool.Faults.Lost(tool.PathOf("defer_loading"), "All tools are shown to the model from the start.");
        }
    }
}
