using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Providers.Reading;

/// <summary>Reads Anthropic's messages, whole or event by event.</summary>
internal sealed class MessageAnswerReader : IAnswerReader
{
    private readonly SplitTexts texts = new();
    private bool calling;
    private bool argued;

    public bool TryRead(ReadOnlyMemory<byte> json, List<GenerationEvent> events)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
            Read(document.RootElement, events);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Why an answer ended; null when it has not.</summary>
    public static FinishReason? ReasonOf(JsonElement ending) => ending.Text("stop_reason") switch
    {
        null => null,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        _ => FinishReason.Stop,
    };

    private void Read(JsonElement item, List<GenerationEvent> events)
    {
        switch (item.Text("type"))
        {
            case "content_block_start":
                Begin(item.Object("content_block"), events);
                break;
            case "content_block_delta":
                Delta(item.Object("delta"), events);
                break;
            case "content_block_stop":
                End(events);
                break;
            case "message_delta":
                Finish(item.Object("delta"), events);
                break;
            case "message":
                Whole(item, events);
                break;
        }
    }

    private void Whole(JsonElement message, List<GenerationEvent> events)
    {
        if (message.TryGetProperty("content", out var blocks) && blocks.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in blocks.EnumerateArray())
            {
                Begin(block, events);
                calling = false;
            }
        }

        Finish(message, events);
    }

    // In a stream a block begins empty and a call's input follows; in a whole answer it is all there.
    private void Begin(JsonElement block, List<GenerationEvent> events)
    {
        switch (block.Text("type"))
        {
            case "text":
                texts.Restart(0, GenerationEventKind.Text);
                Say(GenerationEventKind.Text, block.Piece("text"), events);
                break;
            case "thinking":
                texts.Restart(0, GenerationEventKind.Reasoning);
                Say(GenerationEventKind.Reasoning, block.Piece("thinking"), events);
                Sign(block.Text("signature"), events);
                break;
            case "tool_use":
                var input = block.Object("input");
                var arguments = input.ValueKind == JsonValueKind.Object && input.EnumerateObject().Any() ? input.GetRawText() : "";
                (calling, argued) = (true, arguments.Length > 0);
                texts.Restart(0, GenerationEventKind.ToolCall);
                events.Add(new GenerationEvent { Kind = GenerationEventKind.ToolCall, Call = new ToolCall(block.Text("id") ?? "", block.Text("name") ?? "", arguments) });
                break;
        }
    }

    private void Delta(JsonElement delta, List<GenerationEvent> events)
    {
        Say(GenerationEventKind.Text, delta.Piece("text"), events);
        Say(GenerationEventKind.Reasoning, delta.Piece("thinking"), events);
        Sign(delta.Text("signature"), events);
        if (delta.Piece("partial_json") is { Length: > 0 } more)
        {
            argued = true;
            Say(GenerationEventKind.ToolCall, more, events);
        }
    }

    // A call without input has an empty object as its arguments.
    private void End(List<GenerationEvent> events)
    {
        if (calling && !argued)
        {
            Say(GenerationEventKind.ToolCall, "{}", events);
        }

        calling = false;
    }

    private static void Finish(JsonElement ending, List<GenerationEvent> events)
    {
        if (ReasonOf(ending) is { } reason)
        {
            events.Add(new GenerationEvent
            {
                Kind = GenerationEventKind.Finish,
                FinishReason = reason,
                FinishCause = reason == FinishReason.Length ? FinishCause.Request : FinishCause.Model,
                StopText = ending.Text("stop_sequence"),
            });
        }
    }

    private static void Sign(string? signature, List<GenerationEvent> events)
    {
        if (!string.IsNullOrEmpty(signature))
        {
            events.Add(new GenerationEvent { Kind = GenerationEventKind.Reasoning, Signature = signature });
        }
    }

    private void Say(GenerationEventKind kind, string? text, List<GenerationEvent> events)
    {
        if (text is not null && texts.Take(0, kind, text) is { Length: > 0 } whole)
        {
            events.Add(new GenerationEvent { Kind = kind, Text = whole });
        }
    }
}
