using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Streaming;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary><c>POST /v1/responses</c>: OpenAI's Responses, of which none is stored.</summary>
internal sealed class ResponsesEndpoint(ApiRequest api, AnswerPipeline pipeline)
{
    public async Task HandleAsync(HttpContext http)
    {
        var echo = ResponseEcho.Empty;
        var parsed = await api.ReadAsync(http, (body, caller) =>
        {
            echo = ResponseEcho.Of(body);
            return CallerHeaders.Apply(RequestReader.Read(RequestScope.Of(http).Settings.Models, body, caller, WireForm.Responses, ResponsesRequestParser.Parse), http.Request.Headers, body.Faults);
        });
        if (parsed is not null)
        {
            await pipeline.RunAsync(
                http, parsed, new AnswerForm(ResponseJson.IdPrefix, (response, head) => new ResponseStream(response, head, echo), (response, head) => new ResponseAnswer(response, head, echo), StreamTail.Responses));
        }
    }
}
