using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.InProcess;

/// <summary>Declared functions as tool definitions in OpenAI's form, which templates print.</summary>
internal static class ToolMapping
{
    // A schema as deep as one over HTTP, in a function, in a tool.
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = RequestBody.MaxDepth + 2 };

    public static IReadOnlyList<ToolDefinition> Map(ChatOptions options, WireFaults faults)
    {
        if (options.Tools is not { Count: > 0 } tools || options.ToolMode is NoneChatToolMode)
        {
            return [];
        }

        var definitions = new List<ToolDefinition>();
        foreach (var tool in tools)
        {
            if (tool is AIFunctionDeclaration function)
            {
                definitions.Add(Define(function));
            }
            else
            {
                faults.Unsupported(nameof(options.Tools), $"The tool '{tool.Name}' is a {tool.GetType().Name}; only functions are supported.");
            }
        }

        return definitions;
    }

    public static ToolChoice Choice(ChatOptions options, WireFaults faults)
    {
        var parallel = options.AllowMultipleToolCalls ?? true;
        if (options.ToolMode is not RequiredChatToolMode required)
        {
            return new ToolChoice(ToolChoiceMode.Auto, null, parallel);
        }

        var name = required.RequiredFunctionName;
        if (options.Tools is not { Count: > 0 } tools || (name is not null && tools.All(tool => tool.Name != name)))
        {
            faults.Invalid(nameof(options.ToolMode), "ToolMode requires a call of a function that Tools does not have. Declare it, or use Auto.");
        }

        return new ToolChoice(ToolChoiceMode.Required, name, parallel);
    }

    private static ToolDefinition Define(AIFunctionDeclaration function)
    {
        var definition = new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = function.Name,
                ["description"] = function.Description,
                ["parameters"] = JsonNode.Parse(function.JsonSchema.GetRawText(), documentOptions: new() { MaxDepth = RequestBody.MaxDepth }),
            },
        };
        return new ToolDefinition(function.Name, JsonSerializer.SerializeToElement(definition, Deep));
    }
}
