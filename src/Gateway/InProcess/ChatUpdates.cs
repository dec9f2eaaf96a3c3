using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.InProcess;

/// <summary>Turns events of one answer into the updates of Microsoft.Extensions.AI.</summary>
internal sealed class ChatUpdates(string id, string model, DateTimeOffset created)
{
    private bool called;

    /// <summary>The update, or null where an event has nothing to show.</summary>
    public ChatResponseUpdate? Of(in GenerationEvent item)
    {
        var content = Content(item);
        if (item.Kind == GenerationEventKind.Error || (content is null && item.Kind != GenerationEventKind.Finish))
        {
            return null;
        }

        called |= item.Call is not null;
        var update = Update(content is null ? [] : [content]);
        if (item.Kind == GenerationEventKind.Finish)
        {
            update.FinishReason = item.FinishReason switch
            {
                FinishReason.Stop when called => ChatFinishReason.ToolCalls,
                FinishReason.Stop => ChatFinishReason.Stop,
                FinishReason.Length => ChatFinishReason.Length,
                _ => null,
            };
        }

        return update;
    }

    /// <summary>The last update: what it cost.</summary>
    public ChatResponseUpdate Usage(TokenCounts tokens) => Update([new UsageContent(new UsageDetails
    {
        InputTokenCount = tokens.Prompt,
        OutputTokenCount = tokens.Sampled,
        TotalTokenCount = tokens.Prompt + tokens.Sampled,
        CachedInputTokenCount = tokens.Cached,
        ReasoningTokenCount = tokens.HiddenReasoning,
    })]);

    private static AIContent? Content(in GenerationEvent item)
    {
        if (item.Call is { } call)
        {
            return new FunctionCallContent(call.Id, call.Name, JsonSerializer.Deserialize<Dictionary<string, object?>>(call.ArgumentsJson, AIJsonUtilities.DefaultOptions));
        }

        if (item.Text.IsEmpty)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(item.Text.Span);
        return item.Kind == GenerationEventKind.Reasoning ? new TextReasoningContent(text) : new TextContent(text);
    }

    private ChatResponseUpdate Update(IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = id,
        MessageId = id,
        ModelId = model,
        CreatedAt = created,
    };
}
