using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Streaming;
using Penstock.Ledger;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Idempotency;

/// <summary>
/// Gives one client an answer from its tape, chunk by chunk as it was flushed, at the client's own pace: what it has not read is on the tape or in the store, and nobody else waits
/// for it. One user at a time.
/// </summary>
/// <param name="answer">The answer.</param>
/// <param name="first">Whether this client's request is the one that is run.</param>
/// <param name="stream">Whether the client asked for a stream.</param>
/// <param name="services">The store, the clock.</param>
internal sealed class AnswerReader(RunningAnswer answer, bool first, bool stream, AnswerServices services)
{
    /// <summary>Says that the answer belongs to an earlier request.</summary>
    public const string ReplayedHeader = "idempotency-replayed";

    private TapePosition position;
    private IReadOnlyList<ReadOnlyMemory<byte>> loaded = [];
    private int loadedSegment = -1;
    private bool begun;

    /// <summary>Whether the client has a stream's head, but the answer was none: it then comes as an error event.</summary>
    private bool wrapped;

    /// <summary>Complete when the client has it all, or its error.</summary>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public async Task DeliverAsync(HttpContext http)
    {
        var (response, gone) = (http.Response, http.RequestAborted);
        for (Decision? seen = null; ;)
        {
            gone.ThrowIfCancellationRequested();
            var view = answer.Tape.Look(position);
            if (view.Head is { } head && seen is null)
            {
                seen = head;
                await BeginAsync(response, head);
            }

            if (view.Stored)
            {
                if (!await WriteStoredAsync(response))
                {
                    // The rest has expired under a reader who took a day, or the store fails: an answer that breaks off must look like it.
                    http.Abort();
                    return;
                }
            }
            else if (view.Chunk is { } chunk)
            {
                await WriteAsync(response, chunk);
            }
            else if (view.Ended)
            {
                await EndAsync(response, view.Error);
                return;
            }
            else
            {
                await WaitAsync(response, view, gone);
            }
        }
    }

    private async Task BeginAsync(HttpResponse response, Decision head)
    {
        var streamed = head.Headers.Any(header => header.Key.Equals("content-type", StringComparison.OrdinalIgnoreCase) && CapturedResponse.IsStream(header.Value));
        if (begun)
        {
            wrapped = !streamed;
            if (wrapped)
            {
                response.BodyWriter.Write(ErrorPrefix(response).Span);
            }

            return;
        }

        begun = true;
        response.StatusCode = head.Status;
        foreach (var name in head.Headers.Select(header => header.Key).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            response.Headers.Remove(name);
        }

        foreach (var (name, value) in head.Headers)
        {
            response.Headers.Append(name, value);
        }

        if (!first || answer.Replayed)
        {
            response.Headers[ReplayedHeader] = "true";
        }

        if (streamed)
        {
            response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await response.StartAsync();
            await response.BodyWriter.FlushAsync();
        }
    }

    private async Task<bool> WriteStoredAsync(HttpResponse response)
    {
        if (loadedSegment != position.Segment)
        {
            if (await ReadAsync(position.Segment) is not { } bytes)
            {
                return false;
            }

            (loaded, loadedSegment) = (ChunkCodec.Decode(bytes), position.Segment);
        }

        if (position.Index < loaded.Count)
        {
            await WriteAsync(response, loaded[position.Index]);
        }
        else
        {
            position = position.NextSegment;
        }

        return true;
    }

    private async Task<ReadOnlyMemory<byte>?> ReadAsync(int segment)
    {
        try
        {
            return await services.Store.ReadAsync(answer.Claim, segment);
        }
        catch (LedgerException failing)
        {
            GatewayLog.AnswerNotRead(services.Logger, failing);
            return null;
        }
    }

    private async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> chunk)
    {
        await response.BodyWriter.WriteAsync(chunk);
        position = position.Next;
    }

    private async Task WaitAsync(HttpResponse response, TapeView view, CancellationToken gone)
    {
        // An answer that is made here has keep-alive comments of its own.
        if (!stream || !view.Elsewhere)
        {
            await view.Changed.WaitAsync(gone);
            return;
        }

        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(gone);
        if (await Task.WhenAny(view.Changed, Task.Delay(KeepAlive.Interval, services.Time, quiet.Token)) != view.Changed && !gone.IsCancellationRequested)
        {
            if (!begun)
            {
                begun = true;
                await SseHeaders.SendAsync(response);
            }

            await SseHeaders.SendCommentAsync(response);
        }

        await quiet.CancelAsync();
    }

    private async Task EndAsync(HttpResponse response, PenstockError? error)
    {
        if (!begun && error is not null)
        {
            await ErrorResponse.WriteAsync(response, error);
            return;
        }

        if (error is not null)
        {
            response.BodyWriter.Write(ErrorPrefix(response).Span);
            using var json = new Utf8JsonWriter(response.BodyWriter, JsonResponse.WriterOptions);
            ErrorResponse.Write(json, error, response);
        }

        if (error is not null || wrapped)
        {
            await response.BodyWriter.WriteAsync("\n\n"u8.ToArray());
        }
    }

    private static ReadOnlyMemory<byte> ErrorPrefix(HttpResponse response) =>
        (AnthropicErrorJson.IsSpokenBy(response.HttpContext.Request) ? StreamTail.Anthropic : StreamTail.OpenAi).Error;
}
