using System.Text;
using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Providers.Reading;

/// <summary>Reads OpenAI's chat answers, whole or chunk by chunk, into canonical events: thinking, text, calls, ends. One answer each.</summary>
internal sealed class ChatAnswerReader : IAnswerReader
{
    // For each choice the call that its last delta belonged to.
    private readonly Dictionary<int, (int Index, string? Id)> open = [];
    private readonly SplitTexts texts = new();

    /// <summary>Reads a chunk or a body; false when it is none, or goes on with a call that another one has followed.</summary>
    public bool TryRead(ReadOnlyMemory<byte> json, List<GenerationEvent> events)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
            return !document.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.EnumerateArray().All(choice => Read(choice, events));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private bool Read(JsonElement choice, List<GenerationEvent> events)
    {
        var index = choice.TryGetProperty("index", out var number) && number.TryGetInt32(out var given) ? given : 0;
        if ((choice.TryGetProperty("delta", out var message) || choice.TryGetProperty("message", out message)) && message.ValueKind == JsonValueKind.Object)
        {
            // vLLM and OpenRouter have two names for it, and send both.
            Say(message, message.Text("reasoning_content") is { Length: > 0 } ? "reasoning_content" : "reasoning", GenerationEventKind.Reasoning, index, events);
            Say(message, "content", GenerationEventKind.Text, index, events);
            Say(message, "refusal", GenerationEventKind.Text, index, events);
            if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && !Call(calls, index, events))
            {
                return false;
            }
        }

        if (choice.Text("finish_reason") is { } reason)
        {
            var length = reason == "length";
            events.Add(new GenerationEvent
            {
                Kind = GenerationEventKind.Finish,
                Choice = index,
                FinishReason = length ? FinishReason.Length : FinishReason.Stop,
                FinishCause = length ? FinishCause.Request : FinishCause.Model,
                // vLLM and SGLang say which text it was, each by its own name.
                StopText = choice.Text("stop_reason") ?? choice.Text("matched_stop"),
            });
        }

        return true;
    }

    private bool Call(JsonElement calls, int choice, List<GenerationEvent> events)
    {
        var place = 0;
        foreach (var call in calls.EnumerateArray())
        {
            var index = call.TryGetProperty("index", out var number) && number.TryGetInt32(out var given) ? given : place;
            place++;
            var function = call.Object("function");
            var arguments = function.Piece("arguments") ?? "";
            var id = call.Text("id") is { Length: > 0 } named ? named : null;
            var known = open.TryGetValue(choice, out var last);

            // Ollama gives all calls the same index; each has an id of its own.
            if (known && index == last.Index && (id is null || id == last.Id))
            {
                Add(GenerationEventKind.ToolCall, arguments, choice, events);
                continue;
            }

            if (known && index < last.Index)
            {
                return false;
            }

            open[choice] = (index, id);
            var name = function.Text("name") ?? "";
            texts.Restart(choice, GenerationEventKind.ToolCall);
            var begun = Encoding.UTF8.GetString(texts.Take(choice, GenerationEventKind.ToolCall, arguments));
            events.Add(new GenerationEvent { Kind = GenerationEventKind.ToolCall, Choice = choice, Call = new ToolCall(id ?? $"call_{choice}_{index}", name, begun) });
        }

        return true;
    }

    private void Say(JsonElement message, string field, GenerationEventKind kind, int choice, List<GenerationEvent> events)
    {
        if (message.Piece(field) is { } text)
        {
            Add(kind, text, choice, events);
        }
    }

    private void Add(GenerationEventKind kind, string text, int choice, List<GenerationEvent> events)
    {
        if (texts.Take(choice, kind, text) is { Length: > 0 } whole)
        {
            events.Add(new GenerationEvent { Kind = kind, Choice = choice, Text = whole });
        }
    }
}
