using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.InProcess;

/// <summary>Turns events of one answer into the updates of Microsoft.Extensions.AI.</summary>
internal sealed class ChatUpdates(string id, string model, DateTimeOffset created)
{
    // A schema may allow arguments that nest deeper than the default.
    private static readonly JsonSerializerOptions Deep = new(AIJsonUtilities.DefaultOptions) { MaxDepth = int.MaxValue };

    private readonly ArrayBufferWriter<byte> arguments = new();
    private ToolCall? open;
    private bool called;

    /// <summary>The update, or null where an event has nothing to show.</summary>
    public ChatResponseUpdate? Of(in GenerationEvent item)
    {
        // A call is one content: it is given once something else follows it.
        List<AIContent> contents = [];
        if (item.Kind != GenerationEventKind.ToolCall || item.Call is not null)
        {
            contents.AddRange(Called());
        }

        if (item.Kind == GenerationEventKind.ToolCall)
        {
            Collect(item);
        }
        else if (!item.Text.IsEmpty)
        {
            var text = Encoding.UTF8.GetString(item.Text.Span);
            contents.Add(item.Kind == GenerationEventKind.Reasoning ? new TextReasoningContent(text) : new TextContent(text));
        }

        if (item.Kind == GenerationEventKind.Error || (contents.Count == 0 && item.Kind != GenerationEventKind.Finish))
        {
            return null;
        }

        var update = Update(contents);
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

    private void Collect(in GenerationEvent item)
    {
        (open, called) = (item.Call ?? open, true);
        arguments.Write(item.Call is { } call ? Encoding.UTF8.GetBytes(call.ArgumentsJson) : item.Text.Span);
    }

    // One that was broken off has no arguments to speak of.
    private IEnumerable<FunctionCallContent> Called()
    {
        if (open is not { } call)
        {
            return [];
        }

        open = null;
        var json = arguments.WrittenMemory.ToArray();
        arguments.ResetWrittenCount();
        try
        {
            return [new FunctionCallContent(call.Id, call.Name, JsonSerializer.Deserialize<Dictionary<string, object?>>(json, Deep))];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private ChatResponseUpdate Update(IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = id,
        MessageId = id,
        ModelId = model,
        CreatedAt = created,
    };
}
