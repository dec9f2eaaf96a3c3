using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>
/// An answer as the events of Responses, numbered: <c>response.created</c>, <c>response.in_progress</c>, for each item that it was added, its deltas and that it is
/// done, then <c>response.completed</c>, <c>response.incomplete</c> or <c>response.failed</c>.
/// </summary>
internal sealed class ResponseStream : IAnswerWriter
{
    private readonly HttpResponse response;
    private readonly EventWriter events;
    private readonly ResponseJson form;
    private readonly ResponseOutput output;
    private ResponseItem? open;
    private byte[] openId = [];
    private GenerationSummary? summary;
    private int sequence;

    public ResponseStream(HttpResponse response, AnswerHead head, ResponseEcho echo)
    {
        (this.response, events, form) = (response, new EventWriter(response), new ResponseJson(head, echo));
        output = new ResponseOutput(form.Answer);
    }

    public ValueTask BeginAsync() => SseHeaders.SendAsync(response);

    public void Write(in GenerationEvent item)
    {
        Start();
        if (output.Take(item, out var said) is { } target)
        {
            if (target != open)
            {
                Close();
                Open(target);
            }

            WriteDelta(target, said);
        }

        if (item.Kind == GenerationEventKind.Finish)
        {
            Close();
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
        this.summary = summary;
        Start();
        Close();
        events.Commit();
        await events.FlushAsync();
    }

    public async ValueTask EndAsync()
    {
        WriteResponse(output.Truncated ? "response.incomplete" : "response.completed", json => form.Write(json, output, summary!));
        await events.FlushAsync();
    }

    public ValueTask KeepAliveAsync() => SseHeaders.SendCommentAsync(response);

    public async ValueTask FailAsync(PenstockError error)
    {
        events.Discard();
        Start();
        WriteResponse("response.failed", json => form.WriteFailed(json, output, error));
        await events.FlushAsync();
    }

    private void Start()
    {
        if (sequence > 0)
        {
            return;
        }

        WriteResponse("response.created", form.WriteBegun);
        WriteResponse("response.in_progress", form.WriteBegun);
    }

    private void WriteResponse(string type, Action<Utf8JsonWriter> write)
    {
        WriteEvent(type, json =>
        {
            json.WritePropertyName("response");
            write(json);
        });
        events.Commit();
    }

    private void Open(ResponseItem item)
    {
        (open, openId) = (item, Encoding.UTF8.GetBytes(item.Id));
        WriteEvent("response.output_item.added", json =>
        {
            json.WriteNumber("output_index", item.Index);
            json.WritePropertyName("item");
            item.Write(json, ResponseJson.InProgress);
        });
        if (item.Kind != GenerationEventKind.ToolCall)
        {
            WritePart("response.content_part.added", item, []);
        }
    }

    private void Close()
    {
        if (open is not { } item)
        {
            return;
        }

        open = null;
        WriteDone(item);
        if (item.Kind != GenerationEventKind.ToolCall)
        {
            WritePart("response.content_part.done", item, item.Text.ToArray());
        }

        WriteEvent("response.output_item.done", json =>
        {
            json.WriteNumber("output_index", item.Index);
            json.WritePropertyName("item");
            item.Write(json, output.StatusOf(item));
        });
    }

    private void WriteDelta(ResponseItem item, ReadOnlySpan<byte> said)
    {
        if (said.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<byte> type = item.Kind switch
        {
            GenerationEventKind.Reasoning => "response.reasoning_text.delta"u8,
            GenerationEventKind.ToolCall => "response.function_call_arguments.delta"u8,
            _ => "response.output_text.delta"u8,
        };
        var buffer = events.Buffer;
        events.Begin(type);
        buffer.Write("{\"type\":\""u8);
        buffer.Write(type);
        buffer.Write("\",\"sequence_number\":"u8);
        buffer.WriteNumber(sequence++);
        buffer.Write(",\"item_id\":\""u8);
        buffer.Write(openId);
        buffer.Write("\",\"output_index\":"u8);
        buffer.WriteNumber(item.Index);
        buffer.Write(item.Kind == GenerationEventKind.ToolCall ? ",\"delta\":\""u8 : ",\"content_index\":0,\"delta\":\""u8);
        buffer.WriteEscaped(said);
        buffer.Write(item.Kind == GenerationEventKind.Text ? "\",\"logprobs\":[]}"u8 : "\"}"u8);
        events.End();
    }

    private void WriteDone(ResponseItem item)
    {
        var (type, field) = item.Kind switch
        {
            GenerationEventKind.Reasoning => ("response.reasoning_text.done", "text"),
            GenerationEventKind.ToolCall => ("response.function_call_arguments.done", "arguments"),
            _ => ("response.output_text.done", "text"),
        };
        WriteEvent(type, json =>
        {
            json.WriteString("item_id", item.Id);
            json.WriteNumber("output_index", item.Index);
            if (item.Kind == GenerationEventKind.ToolCall)
            {
                json.WriteString("name", item.Name);
            }
            else
            {
                json.WriteNumber("content_index", 0);
            }

            json.WriteString(field, item.Text);
            if (item.Kind == GenerationEventKind.Text)
            {
                json.WriteStartArray("logprobs");
                json.WriteEndArray();
            }
        });
    }

    private void WritePart(string type, ResponseItem item, byte[] said) => WriteEvent(type, json =>
    {
        json.WriteString("item_id", item.Id);
        json.WriteNumber("output_index", item.Index);
        json.WriteNumber("content_index", 0);
        json.WritePropertyName("part");
        item.WritePart(json, said);
    });

    private void WriteEvent(string type, Action<Utf8JsonWriter> data) => events.Write(Encoding.UTF8.GetBytes(type), json =>
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteNumber("sequence_number", sequence++);
        data(json);
        json.WriteEndObject();
    });
}
