using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Streaming;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary><c>POST /v1/messages</c> and <c>POST /v1/messages/count_tokens</c>: Anthropic's form of a chat.</summary>
internal sealed class MessagesEndpoint(ApiRequest api, AnswerPipeline pipeline, ModelCatalog models)
{
    private static readonly AnswerForm Form = new(
        "msg_", (response, head) => new MessageStream(response, head), (response, head) => new MessageAnswer(response, head));

    public async Task HandleAsync(HttpContext http)
    {
        Name(http);
        if (await api.ReadAsync(http, (body, caller) => CallerHeaders.Apply(MessagesRequestParser.Parse(body, caller, http.Request.Headers), http.Request.Headers, body.Faults)) is { } parsed)
        {
            await pipeline.RunAsync(http, parsed, Form);
        }
    }

    public async Task CountAsync(HttpContext http)
    {
        Name(http);
        if (await api.ReadAsync(http, MessagesRequestParser.ParseCount) is not { } request)
        {
            return;
        }

        var route = models.Find(request.Model);
        var selected = route.Ok ? Admission.Select(request, route.Value.Adapter) : route.Error;
        if (!selected.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, selected.Error);
            return;
        }

        var prepared = route.Value!.Model.Target.Prepare(selected.Value);
        if (!prepared.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, prepared.Error);
            return;
        }

        await JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("input_tokens", prepared.Value.PromptTokens);
            json.WriteEndObject();
        });
    }

    // Anthropic's clients look for the request's name under this one.
    private static void Name(HttpContext http) => http.Response.Headers["request-id"] = http.Response.Headers["x-request-id"];
}
