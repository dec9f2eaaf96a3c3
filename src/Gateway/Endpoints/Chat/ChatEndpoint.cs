using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(ApiRequest api, AnswerPipeline pipeline)
{
    private static readonly AnswerForm Form = new(
        "chatcmpl-", (response, head) => new ChatStream(response, head), (response, head) => new ChatAnswer(response, head));

    public async Task HandleAsync(HttpContext http)
    {
        var parsed = await api.ReadAsync(http, (body, caller) => CallerHeaders.Apply(RequestReader.Read(RequestScope.Of(http).Settings.Models, body, caller, WireForm.ChatCompletions, ChatRequestParser.Parse), http.Request.Headers, body.Faults));
        if (parsed is not null)
        {
            await pipeline.RunAsync(http, parsed, Form);
        }
    }
}
