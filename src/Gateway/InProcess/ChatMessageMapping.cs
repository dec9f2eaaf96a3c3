using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.InProcess;

/// <summary>One message of Microsoft.Extensions.AI as canonical messages: each tool result becomes a message of its own.</summary>
internal static class ChatMessageMapping
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static IEnumerable<Contracts.Requests.ChatMessage> Map(Microsoft.Extensions.AI.ChatMessage message, string path, WireFaults faults)
    {
        var text = new StringBuilder();
        var reasoning = new StringBuilder();
        var calls = new List<ToolCall>();
        var results = new List<Contracts.Requests.ChatMessage>();
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent part:
                    text.Append(part.Text);
                    break;
                case TextReasoningContent part:
                    reasoning.Append(part.Text);
                    break;
                case FunctionCallContent call:
                    calls.Add(new ToolCall(call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), Compact)));
                    break;
                case FunctionResultContent result:
                    results.Add(new() { Role = "tool", ToolCallId = result.CallId, Content = Text(result.Result) });
                    break;
                case UsageContent:
                    break;
                default:
                    faults.Unsupported(path, $"{path} holds {content.GetType().Name}; only text, reasoning, function calls and function results are supported.");
                    break;
            }
        }

        if (results.Count > 0)
        {
            return results;
        }

        return
        [
            new()
            {
                Role = message.Role.Value,
                Content = text.Length == 0 && calls.Count > 0 ? null : text.ToString(),
                ReasoningContent = reasoning.Length == 0 ? null : reasoning.ToString(),
                Name = message.AuthorName,
                ToolCalls = calls,
            },
        ];
    }

    private static string Text(object? result) => result switch
    {
        null => "",
        string text => text,
        _ => JsonSerializer.Serialize(result, Compact),
    };
}
