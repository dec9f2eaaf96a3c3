using Microsoft.AspNetCore.Http;

namespace Penstock.Tools.StandIn;

/// <summary>An answer of numbered words in the form of OpenAI's Responses.</summary>
internal sealed class ResponsesAnswer(StandInServer server, HttpContext http, CallRecord call, Behaviour behaviour)
{
    private const string Id = "resp_stand_in";
    private const int WordsBeforeAFault = 5;

    private int sequence;

    public async Task WriteAsync(bool stream)
    {
        if (!stream)
        {
            var text = string.Concat(Enumerable.Range(0, server.AnswerTokens).Select(Word));
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(Response(behaviour == Behaviour.ErrorInStream ? "failed" : "completed", text), http.RequestAborted);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        await SendAsync("response.created", $"\"response\":{Response("in_progress", null)}");
        if (behaviour == Behaviour.ErrorInStream)
        {
            await SendAsync("response.failed", $"\"response\":{Response("failed", null)}");
            return;
        }

        await SendAsync("response.output_item.added", $"\"output_index\":0,\"item\":{Item("in_progress", null)}");
        var said = "";
        for (var index = 0; index < server.AnswerTokens; index++)
        {
            if (index == WordsBeforeAFault && behaviour == Behaviour.CutMidAnswer)
            {
                await server.BeforeCut();
                http.Abort();
                return;
            }

            said += Word(index);
            await SendAsync("response.output_text.delta", $"\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"{Word(index)}\",\"logprobs\":[]");
        }

        await SendAsync("response.output_item.done", $"\"output_index\":0,\"item\":{Item("completed", said)}");
        await SendAsync("response.completed", $"\"response\":{Response("completed", said)}");
    }

    private async Task SendAsync(string type, string fields)
    {
        await http.Response.WriteAsync($$"""
            event: {{type}}
            data: {"type":"{{type}}","sequence_number":{{sequence++}},{{fields}}}


            """, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private string Word(int index)
    {
        call.Produce();
        return $"w{index} ";
    }

    private string Response(string status, string? said)
    {
        var error = status == "failed" ? """{"code":"server_error","message":"The model broke."}""" : "null";
        var usage = said is null ? "null" : $$$"""{"input_tokens":7,"input_tokens_details":{"cached_tokens":3},"output_tokens":{{{server.AnswerTokens}}},"output_tokens_details":{"reasoning_tokens":0},"total_tokens":{{{7 + server.AnswerTokens}}}}""";
        return $$"""{"id":"{{Id}}","object":"response","created_at":1,"status":"{{status}}","error":{{error}},"incomplete_details":null,"model":"{{call.Model}}","x_unknown":[1, 2],"output":[{{(said is null ? "" : Item("completed", said))}}],"usage":{{usage}}}""";
    }

    private static string Item(string status, string? said)
    {
        var content = said is null ? "" : $$"""{"type":"output_text","annotations":[],"logprobs":[],"text":"{{said}}"}""";
        return $$"""{"id":"msg_1","type":"message","role":"assistant","status":"{{status}}","content":[{{content}}]}""";
    }
}
