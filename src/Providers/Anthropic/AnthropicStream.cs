using System.Buffers;
using System.Text;
using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Providers.Http;
using Penstock.Providers.Reading;

namespace Penstock.Providers.Anthropic;

/// <summary>
/// A stream of Anthropic's events, passed on as they are but for <c>message_stop</c>, which the writer sends once the record is on disk. What comes before the first content
/// waits for it: until then the call may still fail without anybody having seen anything.
/// </summary>
internal sealed class AnthropicStream(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    : SseGeneration(connection, path, body, promptEstimate, time)
{
    private readonly ArrayBufferWriter<byte> held = new(512);
    private Usage usage;
    private bool started;
    private bool finished;

    protected override GenerationEvent? Decode(ReadOnlyMemory<byte> frame)
    {
        var data = SseFrame.DataOf(frame.Span).ToArray();
        if (data.Length == 0)
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

    // message_stop is missing, or the connection broke: an answer that has said why it ended is whole.
    protected override GenerationEvent? OnClosed() => finished ? Done() : Fail(UpstreamErrors.Cut(Call.Target, Tally.Produced));

    private GenerationEvent? Decode(JsonElement item, ReadOnlyMemory<byte> frame, byte[] data)
    {
        switch (item.Text("type"))
        {
            case "message_start":
                var message = item.Object("message");
                Tally.Model = message.Text("model");
                Report(message.Object("usage"), final: false);
                return Pass(frame, content: false);
            case "content_block_start":
                return Pass(frame, content: item.Object("content_block").Text("type") is not ("text" or "thinking"));
            case "content_block_delta":
                Tally.ReasoningShown |= item.Object("delta").Text("thinking") is { Length: > 0 };
                return Pass(frame, content: true);
            case "message_delta":
                Report(item.Object("usage"), final: true);
                return Finish(frame, MessageAnswerReader.ReasonOf(item.Object("delta")));
            case "message_stop":
                return finished ? Done() : Fail(UpstreamErrors.Malformed(Call.Target, Tally.Produced));
            case "error":
                return Fail(UpstreamErrors.InAnswer(Call.Target, data, Tally.Produced));
            default:
                return Pass(frame, content: false);
        }
    }

    private void Report(JsonElement json, bool final)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            usage = AnthropicUsage.Read(json, usage, final);
            Tally.Report(usage, Encoding.UTF8.GetBytes(json.GetRawText()));
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

    private GenerationEvent? Finish(ReadOnlyMemory<byte> frame, FinishReason? why)
    {
        if (why is not { } reason)
        {
            return Pass(frame, content: false);
        }

        finished = true;
        ChoiceEnded(reason);
        return new GenerationEvent
        {
            Kind = GenerationEventKind.Finish,
            Wire = Started(frame),
            Timestamp = Tally.LastTokenAt,
            FinishReason = reason,
            FinishCause = reason == FinishReason.Length ? FinishCause.Request : FinishCause.Model,
        };
    }

    private ReadOnlyMemory<byte> Started(ReadOnlyMemory<byte> frame)
    {
        if (started || held.WrittenCount == 0)
        {
            started = true;
            return frame;
        }

        started = true;
        held.Write(frame.Span);
        return held.WrittenMemory;
    }

    // The events say how many of them had content; the provider, how many tokens. The difference is handed over last.
    private GenerationEvent? Done()
    {
        End();
        var difference = Tally.Correct();
        return difference == 0 ? null : new GenerationEvent { Kind = GenerationEventKind.Text, Tokens = difference, Timestamp = Tally.LastTokenAt };
    }
}
