using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Penstock.Tools.StandIn;

/// <summary>An answer of numbered words, streamed or whole, with the faults that a behaviour plants in it.</summary>
internal sealed class Answer(StandInServer server, HttpContext http, CallRecord call, JsonElement request, Behaviour behaviour, bool chat)
{
    private const int PromptTokens = 7;

    private readonly string model = behaviour == Behaviour.OtherModel ? "another-model" : call.Model;
    private readonly string id = chat ? "chatcmpl-stand-in" : "cmpl-stand-in";
    private readonly string kind = chat ? "chat.completion" : "text_completion";

    private int Most => (int)Math.Min(server.AnswerTokens, First + (long)(Limit("max_completion_tokens") ?? Limit("max_tokens") ?? int.MaxValue));

    // The words of an answer that the caller wants to be gone on with.
    private int First => Prefill.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    private string Prefill => request.TryGetProperty("continue_final_message", out var goOn) && goOn.ValueKind == JsonValueKind.True
        ? request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!
        : "";

    private string Usage => $$$"""{"prompt_tokens":{{{PromptTokens}}},"completion_tokens":{{{call.Tokens}}},"total_tokens":{{{PromptTokens + call.Tokens}}},"prompt_tokens_details":{"cached_tokens":3}}""";

    public Task WriteAsync() => request.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True ? StreamAsync() : WholeAsync();

    private async Task WholeAsync()
    {
        var text = "";
        await server.BeforeFirstToken(call);
        for (var i = First; i < Most; i++)
        {
            await FaultAsync(i, whole: true);
            await TokenAsync(i);
            text += Word(i);
        }

        var inner = chat ? $"\"message\":{{\"role\":\"assistant\",\"content\":\"{text}\"}}" : $"\"text\":\"{text}\"";
        var usage = behaviour == Behaviour.NoUsage ? "" : $",\"usage\":{Usage}";
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            $$$"""{"id":"{{{id}}}","object":"{{{kind}}}","created":1,"model":"{{{model}}}","x_unknown":[1, 2],"choices":[{"index":0,{{{inner}}},"finish_reason":"stop"}]{{{usage}}}}""", http.RequestAborted);
    }

    private async Task StreamAsync()
    {
        http.Response.ContentType = "text/event-stream";
        if (behaviour == Behaviour.ErrorInStream)
        {
            await SendAsync("""{"error":{"message":"overloaded","type":"error","code":502}}""");
            return;
        }

        if (chat)
        {
            await ChunkAsync("""{"role":"assistant","content":""}""", "null");
        }

        if (behaviour == Behaviour.SlowFirstToken)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }

        await server.BeforeFirstToken(call);
        if (behaviour == Behaviour.EchoesPrefill && First > 0)
        {
            await ChunkAsync($$$"""{"content":"{{{Prefill}}}"}""", "null");
        }

        for (var i = First; i < Most; i++)
        {
            if (await FaultAsync(i, whole: false))
            {
                return;
            }

            await TokenAsync(i);
            await ChunkAsync($$$"""{"content":"{{{Word(i)}}}"}""", "null");
        }

        await ChunkAsync("{}", "\"stop\"");
        if (behaviour != Behaviour.NoUsage && request.TryGetProperty("stream_options", out var options) && options.TryGetProperty("include_usage", out var include) && include.ValueKind == JsonValueKind.True)
        {
            await SendAsync($$$"""{"id":"{{{id}}}","object":"{{{kind}}}","created":1,"model":"{{{model}}}","choices":[],"usage":{{{Usage}}}}""");
        }

        if (behaviour != Behaviour.MissingDone)
        {
            await SendAsync("[DONE]");
        }
    }

    /// <summary>True when the answer ends here.</summary>
    private async Task<bool> FaultAsync(int at, bool whole)
    {
        if (at != server.TokensBeforeAFault)
        {
            return false;
        }

        switch (behaviour)
        {
            case Behaviour.Stall:
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
                return true;
            case Behaviour.CutMidAnswer or Behaviour.CutOnce when whole:
                http.Response.ContentLength = 1000;
                await http.Response.WriteAsync("{\"id\":", http.RequestAborted);
                await server.BeforeCut();
                http.Abort();
                throw new IOException("cut");
            case Behaviour.CutMidAnswer or Behaviour.CutOnce:
                await server.BeforeCut();
                http.Abort();
                return true;
            case Behaviour.MalformedChunk:
                await SendAsync("{\"id\":\"torn");
                return false;
            default:
                return false;
        }
    }

    private async Task TokenAsync(int at)
    {
        if (at > First)
        {
            await server.BeforeToken(call);
        }

        if (behaviour == Behaviour.Paced)
        {
            await Task.Delay(server.Pace, http.RequestAborted);
        }

        http.RequestAborted.ThrowIfCancellationRequested();
        call.Produce();
    }

    private Task ChunkAsync(string delta, string finish)
    {
        var inner = chat ? $"\"delta\":{delta}" : $"\"text\":{Text(delta)}";
        return SendAsync($$$"""{"id":"{{{id}}}","object":"{{{kind}}}{{{(chat ? ".chunk" : "")}}}","created":1,"model":"{{{model}}}","choices":[{"index":0,{{{inner}}},"finish_reason":{{{finish}}}}]}""");
    }

    private async Task SendAsync(string data)
    {
        await http.Response.WriteAsync($"data: {data}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static string Text(string delta) => delta == "{}" ? "\"\"" : delta["{\"content\":".Length..^1];

    private static string Word(int at) => $"w{at} ";

    private int? Limit(string name) => request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
