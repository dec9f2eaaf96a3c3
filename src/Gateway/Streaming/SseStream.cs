using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Gateway.Errors;

namespace Penstock.Gateway.Streaming;

/// <summary>
/// An answer as server-sent events, byte for byte like OpenAI's: chunks, a usage chunk when asked for, <c>[DONE]</c>.
/// What chunks have in common is encoded once; a token then costs its own bytes, one escape and no allocation.
/// </summary>
internal abstract class SseStream : IAnswerWriter
{
    private readonly HttpResponse response;
    private readonly AnswerHead head;
    private readonly string objectName;
    private readonly byte[] prefix;
    private readonly ArrayBufferWriter<byte> whole = new(512);
    private Utf8JsonWriter? json;
    private bool pending;
    private int reasoningTokens;

    protected SseStream(HttpResponse response, AnswerHead head, string objectName)
    {
        this.response = response;
        this.head = head;
        this.objectName = objectName;
        prefix = Prefix();
    }

    private PipeWriter Output => response.BodyWriter;

    public ValueTask BeginAsync() => SseHeaders.SendAsync(response);

    // An event's chunks go out whole or not at all: one that fails half-way must not leave a torn line before the error.
    public void Write(in GenerationEvent item)
    {
        reasoningTokens += item.Kind == GenerationEventKind.Reasoning ? item.Tokens : 0;
        if (!item.Text.IsEmpty || item.Call is not null || item.LogProbs is { Count: > 0 })
        {
            WriteText(whole, item);
        }

        if (item.Kind == GenerationEventKind.Finish)
        {
            WriteFinish(whole, item.Choice, item.FinishReason);
        }

        Commit();
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

    public async ValueTask CompleteAsync(GenerationSummary summary)
    {
        if (head.IncludeUsage || head.Receipt)
        {
            WriteLast(summary);
            await Output.FlushAsync();
        }
    }

    public async ValueTask EndAsync()
    {
        Output.Write("data: [DONE]\n\n"u8);
        await Output.FlushAsync();
    }

    public ValueTask KeepAliveAsync() => SseHeaders.SendCommentAsync(response);

    public async ValueTask FailAsync(PenstockError error)
    {
        Output.Write("data: "u8);
        ErrorResponse.Write(Json(Output), error);
        EndJson();
        Output.Write("\n\n"u8);
        await Output.FlushAsync();
    }

    /// <summary>Writes the chunk of a text event or call.</summary>
    protected abstract void WriteText(IBufferWriter<byte> output, in GenerationEvent item);

    /// <summary>Writes the chunk that says why a choice ended.</summary>
    protected abstract void WriteFinish(IBufferWriter<byte> output, int choice, FinishReason reason);

    /// <summary>Begins a chunk; what follows is the inside of its only choice.</summary>
    protected void BeginChunk(IBufferWriter<byte> output) => output.Write(prefix);

    /// <summary>Ends a chunk after the inside of its choice.</summary>
    protected void EndChunk(IBufferWriter<byte> output) => output.Write(head.IncludeUsage ? "}],\"usage\":null}\n\n"u8 : "}]}\n\n"u8);

    /// <summary>A JSON writer over the output for the rare, longer parts. Call <see cref="EndJson"/> before writing bytes again.</summary>
    protected Utf8JsonWriter Json(IBufferWriter<byte> output)
    {
        json ??= new Utf8JsonWriter(output, JsonResponse.WriterOptions);
        json.Reset(output);
        return json;
    }

    protected void EndJson() => json!.Flush();

    private void Commit()
    {
        pending |= whole.WrittenCount > 0;
        Output.Write(whole.WrittenSpan);
        whole.ResetWrittenCount();
    }

    // The chunk after all choices: what the answer cost, and its receipt.
    private void WriteLast(GenerationSummary summary)
    {
        Output.Write("data: "u8);
        var last = Json(Output);
        last.WriteStartObject();
        WriteHead(last);
        last.WriteStartArray("choices");
        last.WriteEndArray();
        if (head.IncludeUsage)
        {
            UsageJson.Write(last, summary, reasoningTokens);
        }

        if (head.Receipt)
        {
            ReceiptJson.Write(last, head.Fingerprint, summary.Digest);
        }

        last.WriteEndObject();
        EndJson();
        Output.Write("\n\n"u8);
    }

    private byte[] Prefix()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write("data: "u8);
        var start = Json(buffer);
        start.WriteStartObject();
        WriteHead(start);
        EndJson();
        buffer.Write(",\"choices\":[{"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private void WriteHead(Utf8JsonWriter writer)
    {
        writer.WriteString("id", head.Id);
        writer.WriteString("object", objectName);
        writer.WriteNumber("created", head.Created);
        writer.WriteString("model", head.Model);
        if (head.ServiceTier is { } tier)
        {
            writer.WriteString("service_tier", tier);
        }

        writer.WriteString("system_fingerprint", head.Fingerprint);
    }
}
