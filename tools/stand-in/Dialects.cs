using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Penstock.Tools.StandIn;

/// <summary>Streams of chats as servers send them that differ from OpenAI, after their documentation.</summary>
public static class Dialects
{
    /// <summary>The events of a behaviour's stream, in order; null where it has no dialect. What begins with a colon is a comment.</summary>
    public static IReadOnlyList<string>? Of(Behaviour behaviour) => behaviour switch
    {
        Behaviour.Azure =>
        [
            """{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}""",
            Chunk("""{"role":"assistant","content":"","refusal":null}""", more: ""","content_filter_results":{}"""),
            Chunk("""{"content":"Hello"}""", more: ""","content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}"""),
            Chunk("{}", "\"stop\"", ""","content_filter_results":{}"""),
            Usage(""),
        ],
        Behaviour.OpenRouter =>
        [
            ": OPENROUTER PROCESSING",
            ": OPENROUTER PROCESSING",
            Chunk("""{"role":"assistant","content":"","reasoning":"Hm.","reasoning_content":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm."}]}"""),
            ": OPENROUTER PROCESSING",
            Chunk("""{"role":"assistant","content":"Hello"}"""),
            Chunk("""{"role":"assistant","content":""}""", "\"stop\"", ""","native_finish_reason":"end_turn" """),
            Usage(""","cost":0.0001,"is_byok":false"""),
        ],
        Behaviour.OpenRouterFails =>
        [
            ": OPENROUTER PROCESSING",
            Chunk("""{"role":"assistant","content":"Hello"}"""),
            """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m-1","provider":"p","error":{"code":"server_error","message":"Provider disconnected unexpectedly"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}""",
        ],
        Behaviour.Ollama =>
        [
            Chunk("""{"role":"assistant","content":"","tool_calls":[{"id":"call_a","index":0,"type":"function","function":{"name":"now","arguments":"{}"}}]}"""),
            Chunk("""{"role":"assistant","content":"","tool_calls":[{"id":"call_b","index":0,"type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]}"""),
            Chunk("""{"role":"assistant","content":""}""", "\"tool_calls\""),
        ],
        Behaviour.Vllm =>
        [
            Chunk("""{"role":"assistant","content":""}"""),
            Chunk("""{"reasoning":"Hm."}"""),
            Chunk("""{"content":"Hello"}"""),
            Chunk("""{"content":""}""", "\"stop\"", ""","stop_reason":"END" """),
            Usage(""","prompt_tokens_details":null"""),
        ],
        Behaviour.VllmFails =>
        [
            Chunk("""{"content":"Hello"}"""),
            """{"object":"error","message":"CUDA error","type":"InternalServerError","param":null,"code":500}""",
            "[DONE]",
        ],
        Behaviour.Sglang =>
        [
            Chunk("""{"role":"assistant","content":"","reasoning_content":null,"tool_calls":null}""", more: ""","matched_stop":null"""),
            Chunk("""{"role":null,"content":null,"reasoning_content":"Hm.","tool_calls":null}""", more: ""","matched_stop":null"""),
            Chunk("""{"role":null,"content":"Hello","reasoning_content":null,"tool_calls":null}""", more: ""","matched_stop":null"""),
            Chunk("""{"role":null,"content":null,"reasoning_content":null,"tool_calls":null}""", "\"stop\"", ""","matched_stop":"END" """),
            Usage(""","reasoning_tokens":0"""),
        ],
        Behaviour.LlamaServer =>
        [
            Chunk("""{"role":"assistant","content":null}"""),
            Chunk("""{"reasoning_content":"Hm."}"""),
            Chunk("""{"content":"Hello"}"""),
            Chunk("{}", "\"stop\""),
            """{"choices":[],"created":1,"id":"c","model":"m-1","system_fingerprint":"b1","object":"chat.completion.chunk","usage":{"completion_tokens":2,"prompt_tokens":7,"total_tokens":9},"timings":{"cache_n":3,"prompt_n":4,"prompt_ms":1.5,"predicted_n":2,"predicted_ms":3.5}}""",
        ],
        _ => null,
    };

    /// <summary>Sends the stream, with the last word that every chat's stream has unless the dialect leaves it out.</summary>
    internal static async Task WriteAsync(HttpContext http, Behaviour behaviour, CallRecord call)
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var item in Of(behaviour)!.Concat(behaviour is Behaviour.OpenRouterFails or Behaviour.VllmFails ? [] : ["[DONE]"]))
        {
            if (item.StartsWith('{') && JsonElement.Parse(item).TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0)
            {
                call.Produce();
            }

            await http.Response.WriteAsync(item.StartsWith(':') ? $"{item}\n\n" : $"data: {item}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private static string Chunk(string delta, string finish = "null", string more = "") =>
        $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}}{{more.TrimEnd()}}}]}""";

    private static string Usage(string more) =>
        $$$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9{{{more}}}}}""";
}
