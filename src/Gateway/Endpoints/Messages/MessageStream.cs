using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>
/// An answer as Anthropic's events: <c>message_start</c>, for each content block its start, deltas and stop, <c>message_delta</c> with the stop reason and the
/// account, <c>message_stop</c>. Only one block is open at a time.
/// </summary>
/// <param name="response">Where it goes.</param>
/// <param name="head">What the answer repeats.</param>
/// <param name="textBlock">The block of text that a provider has left open, from which the stream goes on; null for a stream from its beginning.</param>
internal sealed class MessageStream(HttpResponse response, AnswerHead head, int? textBlock = null) : IAnswerWriter
{
    private readonly EventWriter events = new(response);
    private GenerationEventKind? open = textBlock is null ? null : GenerationEventKind.Text;
    private GenerationEvent? finish;
    private int index = textBlock ?? -1;
    private int thinking;
    private bool started = textBlock is not null;
    private bool called;

    public ValueTask BeginAsync() => SseHeaders.SendAsync(response);

    public void Write(in GenerationEvent item)
    {
        Start();
        thinking += item.Kind == GenerationEventKind.Reasoning ? item.Tokens : 0;
        if (item.Kind == GenerationEventKind.Finish)
        {
            Close();
            finish = item;
        }
        else if (item.Call is { } call)
        {
            WriteCall(call);
        }
        else if (!item.Text.IsEmpty && item.Kind == GenerationEventKind.ToolCall)
        {
            WriteDelta(InputDelta, item.Text.Span);
        }
        else if (!item.Text.IsEmpty || item.Signature is not null)
        {
            WriteText(item);
        }

        events.Commit();
    }

    public async ValueTask<bool> FlushAsync()
    {
        await events.FlushAsync();
        return true;
    }

    public async ValueTask CompleteAsync(GenerationSummary summary)
    {
        Start();
        Close();
        events.Write("message_delta"u8, json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "message_delta");
            json.WriteStartObject("delta");
            json.WriteNull("container");
            StopReasonJson.Write(json, finish, called);
            json.WriteEndObject();
            MessageUsageJson.Write(json, summary, thinking);
            if (head.Receipt)
            {
                ReceiptJson.Write(json, head.Fingerprint, summary.Digest);
            }

            json.WriteEndObject();
        });
        events.Commit();
        await events.FlushAsync();
    }

    public async ValueTask EndAsync()
    {
        events.Buffer.Write("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8);
        events.Commit();
        await events.FlushAsync();
    }

    public ValueTask KeepAliveAsync() => SseHeaders.SendCommentAsync(response);

    public async ValueTask FailAsync(PenstockError error)
    {
        events.Discard();
        events.Write("error"u8, json => AnthropicErrorJson.Write(json, error, response.Headers["x-request-id"]));
        events.Commit();
        await events.FlushAsync();
    }

    private static ReadOnlySpan<byte> InputDelta => "\"input_json_delta\",\"partial_json\":\""u8;

    private void WriteText(in GenerationEvent item)
    {
        var reasons = item.Kind == GenerationEventKind.Reasoning;
        if (open != item.Kind)
        {
            Close();
            Open(item.Kind, reasons ? "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"u8 : "{\"type\":\"text\",\"text\":\"\",\"citations\":null}"u8);
        }

        if (!item.Text.IsEmpty)
        {
            WriteDelta(reasons ? "\"thinking_delta\",\"thinking\":\""u8 : "\"text_delta\",\"text\":\""u8, item.Text.Span);
        }

        if (item.Signature is { } signature)
        {
            WriteDelta("\"signature_delta\",\"signature\":\""u8, Encoding.UTF8.GetBytes(signature));

            // It ends its block: what is thought after it is signed anew.
            Close();
        }
    }

    private void WriteCall(ToolCall call)
    {
        called = true;
        Close();
        (open, index) = (GenerationEventKind.ToolCall, index + 1);
        events.Write("content_block_start"u8, json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "content_block_start");
            json.WriteNumber("index", index);
            json.WriteStartObject("content_block");
            MessageBlock.WriteCallHead(json, call);
            json.WriteStartObject("input");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        });
        if (call.ArgumentsJson.Length > 0)
        {
            WriteDelta(InputDelta, Encoding.UTF8.GetBytes(call.ArgumentsJson));
        }
    }

    private void Start()
    {
        if (started)
        {
            return;
        }

        started = true;
        events.Write("message_start"u8, WriteStart);
        events.Buffer.Write("event: ping\ndata: {\"type\":\"ping\"}\n\n"u8);
    }

    private void WriteStart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "message_start");
        json.WriteStartObject("message");
        MessageJson.WriteHead(json, head);
        json.WriteStartArray("content");
        json.WriteEndArray();
        StopReasonJson.Write(json, null, called: false);
        MessageUsageJson.WriteStart(json, head.PromptTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Open(GenerationEventKind kind, ReadOnlySpan<byte> block)
    {
        (open, index) = (kind, index + 1);
        events.Begin("content_block_start"u8);
        events.Buffer.Write("{\"type\":\"content_block_start\",\"index\":"u8);
        events.Buffer.WriteNumber(index);
        events.Buffer.Write(",\"content_block\":"u8);
        events.Buffer.Write(block);
        events.Buffer.Write("}"u8);
        events.End();
    }

    private void WriteDelta(ReadOnlySpan<byte> typeAndField, ReadOnlySpan<byte> text)
    {
        events.Begin("content_block_delta"u8);
        events.Buffer.Write("{\"type\":\"content_block_delta\",\"index\":"u8);
        events.Buffer.WriteNumber(index);
        events.Buffer.Write(",\"delta\":{\"type\":"u8);
        events.Buffer.Write(typeAndField);
        events.Buffer.WriteEscaped(text);
        events.Buffer.Write("\"}}"u8);
        events.End();
    }

    private void Close()
    {
        if (open is null)
        {
            return;
        }

        open = null;
        events.Begin("content_block_stop"u8);
        events.Buffer.Write("{\"type\":\"content_block_stop\",\"index\":"u8);
        events.Buffer.WriteNumber(index);
        events.Buffer.Write("}"u8);
        events.End();
    }
}
