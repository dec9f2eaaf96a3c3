using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Idempotency;

/// <summary>A response whose status, headers and chunks go to an <see cref="AnswerTape"/>.</summary>
internal sealed class CapturedResponse : IHttpResponseFeature, IHttpResponseBodyFeature
{
    private readonly AnswerTape tape;
    private readonly Func<ValueTask> stored;

    /// <param name="tape">Where it goes.</param>
    /// <param name="stored">Called after each chunk: puts into the store what is too much for memory.</param>
    /// <param name="gone">Cancelled when nobody wants the answer any more.</param>
    public CapturedResponse(AnswerTape tape, Func<ValueTask> stored, CancellationToken gone)
    {
        (this.tape, this.stored) = (tape, stored);
        Writer = new CapturedBody(TakeAsync, gone);
        Stream = Writer.AsStream(leaveOpen: true);
        Body = Stream;
    }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Body { get; set; }

    public bool HasStarted { get; private set; }

    public Stream Stream { get; }

    public PipeWriter Writer { get; }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Begin();
        return Task.CompletedTask;
    }

    public async Task CompleteAsync()
    {
        Begin();
        await Writer.FlushAsync();
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public void DisableBuffering()
    {
        // Chunks are taken as they are flushed.
    }

    public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException("No endpoint of the gateway changes an answer's head as it starts.");

    public void OnCompleted(Func<object, Task> callback, object state)
    {
        // The framework asks for it to give the body's reader back; that one reads memory, and the collector has it.
    }

    private void Begin()
    {
        if (HasStarted)
        {
            return;
        }

        HasStarted = true;
        var headers = Headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value ?? "")));
        tape.Begin(new Decision(StatusCode, [.. headers], 0), IsStream(Headers.ContentType));
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> chunk)
    {
        Begin();
        if (!chunk.IsEmpty)
        {
            tape.Append(chunk);
            await stored();
        }
    }

    /// <summary>Whether an answer of this type goes out while it is being made.</summary>
    public static bool IsStream(string? contentType) => contentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
}
