using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Endpoints.Chat;
using Penstock.Gateway.Endpoints.Messages;
using Penstock.Gateway.Endpoints.Responses;
using Penstock.Gateway.Streaming;
using Penstock.Providers.Http;
using Penstock.Providers.Reading;

namespace Penstock.Gateway.Tests.RoundTrips;

/// <summary>Answers in each form, streamed and whole: the server's writers, and what reads them.</summary>
internal static class AnswerForms
{
    public static readonly string[] All = ["chat stream", "chat whole", "messages stream", "messages whole", "responses stream", "responses whole"];

    /// <summary>The bytes that a client gets.</summary>
    public static async Task<byte[]> WriteAsync(string form, IEnumerable<GenerationEvent> events)
    {
        var http = new DefaultHttpContext();
        var body = new MemoryStream();
        http.Response.Body = body;
        var head = new AnswerHead(form.StartsWith("responses", StringComparison.Ordinal) ? "resp_1" : "id_1", 1, "m", null, 1, IncludeUsage: true);
        IAnswerWriter writer = form switch
        {
            "chat stream" => new ChatStream(http.Response, head),
            "chat whole" => new ChatAnswer(http.Response, head),
            "messages stream" => new MessageStream(http.Response, head),
            "messages whole" => new MessageAnswer(http.Response, head),
            "responses stream" => new ResponseStream(http.Response, head, ResponseEcho.Empty),
            _ => new ResponseAnswer(http.Response, head, ResponseEcho.Empty),
        };
        await writer.BeginAsync();
        foreach (var item in events)
        {
            writer.Write(item);
            await writer.FlushAsync();
        }

        await writer.CompleteAsync(new GenerationSummary { Tokens = default, FinishReason = FinishReason.Stop, FinishCause = FinishCause.Model, FinishPhase = RequestPhase.Decode });
        await writer.EndAsync();
        await http.Response.BodyWriter.FlushAsync();
        return body.ToArray();
    }

    /// <summary>What they say.</summary>
    public static List<GenerationEvent> Read(string form, byte[] bytes)
    {
        var events = new List<GenerationEvent>();
        if (form.EndsWith("whole", StringComparison.Ordinal))
        {
            return form == "responses whole" ? OfResponse(JsonDocument.Parse(bytes).RootElement) : Take(Reader(form), bytes, events);
        }

        var frames = Frames(bytes);
        if (form == "responses stream")
        {
            return OfResponseEvents(frames.ConvertAll(frame => JsonDocument.Parse(frame).RootElement));
        }

        var reader = Reader(form);
        foreach (var frame in frames.Where(frame => !frame.AsSpan().SequenceEqual("[DONE]"u8)))
        {
            Take(reader, frame, events);
        }

        return events;
    }

    private static IAnswerReader Reader(string form) => form.StartsWith("chat", StringComparison.Ordinal) ? new ChatAnswerReader() : new MessageAnswerReader();

    private static List<GenerationEvent> Take(IAnswerReader reader, byte[] json, List<GenerationEvent> events)
    {
        Assert.True(reader.TryRead(json, events));
        return events;
    }

    /// <summary>The data of each event.</summary>
    public static List<byte[]> Frames(byte[] bytes)
    {
        var left = new ReadOnlySequence<byte>(bytes);
        var frames = new List<byte[]>();
        while (SseFrame.TryTake(ref left, out var frame))
        {
            frames.Add(SseFrame.DataOf(frame.ToArray()).ToArray());
        }

        Assert.True(left.IsEmpty, "half an event");
        return frames;
    }

    // The last event has the whole response, and the deltas say the same.
    private static List<GenerationEvent> OfResponseEvents(List<JsonElement> events)
    {
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(item => item.GetProperty("sequence_number").GetInt32()));
        var response = events[^1].GetProperty("response");
        var said = events.Where(item => item.GetProperty("type").GetString()!.EndsWith(".delta", StringComparison.Ordinal)).ToLookup(item => item.GetProperty("item_id").GetString(), item => item.GetProperty("delta").GetString());
        foreach (var item in response.GetProperty("output").EnumerateArray())
        {
            Assert.Equal(TextOf(item), string.Concat(said[item.GetProperty("id").GetString()]));
        }

        return OfResponse(response);
    }

    private static List<GenerationEvent> OfResponse(JsonElement response)
    {
        var events = new List<GenerationEvent>();
        foreach (var item in response.GetProperty("output").EnumerateArray())
        {
            var type = item.GetProperty("type").GetString();
            var call = type == "function_call" ? new ToolCall(item.GetProperty("call_id").GetString()!, item.GetProperty("name").GetString()!, TextOf(item)) : null;
            events.Add(new()
            {
                Kind = type switch { "reasoning" => GenerationEventKind.Reasoning, "message" => GenerationEventKind.Text, _ => GenerationEventKind.ToolCall },
                Text = call is null ? Encoding.UTF8.GetBytes(TextOf(item)) : default,
                Call = call,
                Signature = item.TryGetProperty("encrypted_content", out var signature) ? signature.GetString() : null,
            });
        }

        events.Add(new() { Kind = GenerationEventKind.Finish, FinishReason = response.GetProperty("status").GetString() == "completed" ? FinishReason.Stop : FinishReason.Length });
        return events;
    }

    private static string TextOf(JsonElement item) =>
        item.TryGetProperty("arguments", out var arguments) ? arguments.GetString()! : string.Concat(item.GetProperty("content").EnumerateArray().Select(part => part.GetProperty("text").GetString()));
}
