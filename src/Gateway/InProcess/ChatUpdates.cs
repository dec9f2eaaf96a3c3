using System.Text;
using Microsoft.Extensions.AI;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.InProcess;

/// <summary>Turns events of one answer into the updates of Microsoft.Extensions.AI.</summary>
internal sealed class ChatUpdates(string id, string model, DateTimeOffset created)
{
    /// <summary>The update, or null where an event has nothing to show.</summary>
    public ChatResponseUpdate? Of(in GenerationEvent item)
    {
        if (item.Kind == GenerationEventKind.Error || (item.Text.IsEmpty && item.Kind == GenerationEventKind.Text))
        {
            return null;
        }

        var update = Update(item.Text.IsEmpty ? [] : [new TextContent(Encoding.UTF8.GetString(item.Text.Span))]);
        if (item.Kind == GenerationEventKind.Finish)
        {
            update.FinishReason = item.FinishReason switch
            {
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

    private ChatResponseUpdate Update(IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = id,
        MessageId = id,
        ModelId = model,
        CreatedAt = created,
    };
}
