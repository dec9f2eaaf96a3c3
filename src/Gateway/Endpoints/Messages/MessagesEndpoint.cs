using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Streaming;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary><c>POST /v1/messages</c> and <c>POST /v1/messages/count_tokens</c>: Anthropic's form of a chat.</summary>
internal sealed class MessagesEndpoint(ApiRequest api, AnswerPipeline pipeline)
{
    private static readonly AnswerForm Form = new(
        "msg_", (response, head) => new MessageStream(response, head), (response, head) => new MessageAnswer(response, head), StreamTail.Anthropic)
    {
        Resume = (response, head, resumed) => new MessageStream(response, head, resumed.Block),
    };

    public async Task HandleAsync(HttpContext http)
    {
        Name(http);
        var parsed = await api.ReadAsync(http, (body, caller) => CallerHeaders.Apply(RequestReader.Read(RequestScope.Of(http).Settings.Models, body, caller, WireForm.Messages, MessagesRequestParser.Parse), http.Request.Headers, body.Faults));
        if (parsed is not null)
        {
            await pipeline.RunAsync(http, parsed.Request.Wire is null && http.Request.Headers["anthropic-beta"].Count > 0 ? parsed with { Request = WithoutTrials(parsed.Request) } : parsed, Form);
        }
    }

    public async Task CountAsync(HttpContext http)
    {
        Name(http);
        if (await api.ReadAsync(http, MessagesRequestParser.ParseCount) is not { } request)
        {
            return;
        }

        var route = RequestScope.Of(http).Settings.Models.Find(request.Model);
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

        if (route.Value.Model.Target.Description.Remote)
        {
            http.Response.Headers.Append(Admission.WarningsHeader, "input_tokens: An estimate from the prompt's size, since another server has the model's tokenizer.");
        }

        await JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("input_tokens", prepared.Value.PromptTokens);
            json.WriteEndObject();
        });
    }

    private static InferenceRequest WithoutTrials(InferenceRequest request) => request with
    {
        Losses = [.. request.Losses, new Loss("anthropic-beta", "Trial features are not known here: what they change in a body is read as without them.")],
    };

    // Anthropic's clients look for the request's name under this one.
    private static void Name(HttpContext http) => http.Response.Headers["request-id"] = http.Response.Headers["x-request-id"];
}
