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
        var attachments = new List<Attachment>();
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
                case DataContent data when AttachmentOf(data) is { } attachment:
                    attachments.Add(attachment with { At = text.Length });
                    break;
                case UriContent { Uri.Scheme: "http" or "https" } uri when KindOf(uri.MediaType) is { } kind:
                    attachments.Add(new() { Kind = kind, Url = uri.Uri.AbsoluteUri, At = text.Length });
                    break;
                case UsageContent:
                    break;
                default:
                    faults.Unsupported(path, $"{path} holds {content.GetType().Name}; only text, pictures, PDF, reasoning, function calls and function results are supported.");
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
                Attachments = attachments,
                ReasoningContent = reasoning.Length == 0 ? null : reasoning.ToString(),
                Name = message.AuthorName,
                ToolCalls = calls,
            },
        ];
    }

    private static Attachment? AttachmentOf(DataContent data) =>
        KindOf(data.MediaType) is { } kind ? new Attachment { Kind = kind, MediaType = data.MediaType, Data = data.Base64Data.ToString(), Name = kind == AttachmentKind.Document ? data.Name : null } : null;

    private static AttachmentKind? KindOf(string mediaType) => mediaType switch
    {
        "image/jpeg" or "image/png" or "image/gif" or "image/webp" or "image/*" => AttachmentKind.Image,
        "application/pdf" => AttachmentKind.Document,
        _ => null,
    };

    private static string Text(object? result) => result switch
    {
        null => "",
        string text => text,
        _ => JsonSerializer.Serialize(result, Compact),
    };
}
