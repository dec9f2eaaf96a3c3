using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Providers.Http;
using Penstock.Providers.Reading;

namespace Penstock.Providers.OpenAi;

/// <summary>
/// A stream of the events of Responses, passed on as they are. What comes before the first content waits for it: until then the call may still fail without anybody having
/// seen anything. The last event has the whole response, and is handed over as the answer's finish.
/// </summary>
internal sealed class ResponsesStream(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    : SseGeneration(connection, path, body, promptEstimate, time)
{
    private static readonly HashSet<string> Beginnings = new(StringComparer.Ordinal)
    {
        "response.created", "response.queued", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.reasoning_summary_part.added",
    };

    private readonly ArrayBufferWriter<byte> held = new(2048);
    private bool started;

    protected override GenerationEvent? Decode(ReadOnlyMemory<byte> frame)
    {
        var data = SseFrame.DataOf(frame.Span).ToArray();

        // Some servers end every stream with OpenAI's older last word; this form has its own.
        if (data.Length == 0 || data.AsSpan().SequenceEqual("[DONE]"u8))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = 256 });
            return Decode(document.RootElement, frame, data);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Fail(UpstreamErrors.Malformed(Call.Target, Tally.Produced));
        }
    }

    protected override GenerationEvent? OnClosed() => Fail(UpstreamErrors.Cut(Call.Target, Tally.Produced));

    private GenerationEvent? Decode(JsonElement item, ReadOnlyMemory<byte> frame, byte[] data)
    {
        var type = item.Text("type") ?? "";
        var response = item.Object("response");
        ResponseEvents.Report(response, Tally);
        switch (type)
        {
            case "response.completed" or "response.incomplete":
                return ResponseEvents.ReasonOf(response) is { } reason ? Finish(frame, reason) : Fail(UpstreamErrors.Malformed(Call.Target, Tally.Produced));
            case "response.failed" or "response.cancelled":
                return Fail(UpstreamErrors.InAnswer(Call.Target, JsonMarshal.GetRawUtf8Value(response), Tally.Produced));
            case "error":
                return Fail(UpstreamErrors.InAnswer(Call.Target, data, Tally.Produced));
            case var _ when Beginnings.Contains(type):
                return Pass(frame, content: false);
            default:
                Tally.ReasoningShown |= type == "response.reasoning_text.delta";
                started |= !type.EndsWith(".delta", StringComparison.Ordinal) && type.Length > 0;
                return Pass(frame, content: type.EndsWith(".delta", StringComparison.Ordinal) && item.Text("delta") is { Length: > 0 });
        }
    }

    private GenerationEvent? Pass(ReadOnlyMemory<byte> frame, bool content)
    {
        if (!started && !content)
        {
            held.Write(frame.Span);
            return null;
        }

        if (content)
        {
            Tally.Count(1);
        }

        return new GenerationEvent { Kind = GenerationEventKind.Text, Tokens = content ? 1 : 0, Wire = Started(frame), Timestamp = Tally.LastTokenAt };
    }

    private GenerationEvent Finish(ReadOnlyMemory<byte> frame, FinishReason reason)
    {
        ChoiceEnded(reason);
        End();
        return new GenerationEvent
        {
            Kind = GenerationEventKind.Finish,
            Tokens = Tally.Correct(),
            Wire = Started(frame),
            Timestamp = Tally.LastTokenAt,
            FinishReason = reason,
            FinishCause = reason == FinishReason.Length ? FinishCause.Request : FinishCause.Model,
        };
    }

    private ReadOnlyMemory<byte> Started(ReadOnlyMemory<byte> frame)
    {
        started = true;
        if (held.WrittenCount == 0)
        {
            return frame;
        }

        var all = (byte[])[.. held.WrittenSpan, .. frame.Span];
        held.Clear();
        return all;
    }
}
