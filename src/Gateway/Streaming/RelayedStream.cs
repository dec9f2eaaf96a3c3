using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Streaming;

/// <summary>A stream that a provider wrote: its events go out as they came, the one that says that it is whole when the record is on disk.</summary>
internal sealed class RelayedStream(HttpResponse response, StreamTail tail) : IAnswerWriter
{
    private ReadOnlyMemory<byte> last = tail.Last;
    private bool pending;
    private int events;

    private PipeWriter Output => response.BodyWriter;

    public ValueTask BeginAsync() => SseHeaders.SendAsync(response);

    public void Write(in GenerationEvent item)
    {
        if (tail.HoldsFinish && item.Kind == GenerationEventKind.Finish)
        {
            // The provider's buffer is used again before it goes out.
            last = item.Wire.ToArray();
            return;
        }

        pending |= !item.Wire.IsEmpty;
        events += tail.HoldsFinish ? item.Wire.Span.Count("\n\n"u8) : 0;
        Output.Write(item.Wire.Span);
    }

    public async ValueTask<bool> FlushAsync()
    {
        if (pending)
        {
            pending = false;
            await Output.FlushAsync();
        }

        return true;
    }

    public ValueTask CompleteAsync(GenerationSummary summary) => ValueTask.CompletedTask;

    public async ValueTask EndAsync()
    {
        Output.Write(last.Span);
        await Output.FlushAsync();
    }

    public ValueTask KeepAliveAsync() => SseHeaders.SendCommentAsync(response);

    public async ValueTask FailAsync(PenstockError error)
    {
        Output.Write(tail.Error.Span);
        using (var json = new System.Text.Json.Utf8JsonWriter(Output, JsonResponse.WriterOptions))
        {
            tail.WriteError(json, error, response, events);
        }

        Output.Write("\n\n"u8);
        await Output.FlushAsync();
    }
}
