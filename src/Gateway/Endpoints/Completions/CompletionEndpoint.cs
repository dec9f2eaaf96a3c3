using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Completions;

/// <summary><c>POST /v1/completions</c>.</summary>
internal sealed class CompletionEndpoint(ApiRequest api, AnswerPipeline pipeline)
{
    private static readonly AnswerForm Form = new(
        "cmpl-", (response, head) => new CompletionStream(response, head), (response, head) => new CompletionAnswer(response, head));

    public async Task HandleAsync(HttpContext http)
    {
        var parsed = await api.ReadAsync(http, (body, caller) => CallerHeaders.Apply(RequestReader.Read(RequestScope.Of(http).Settings.Models, body, caller, WireForm.Completions, CompletionRequestParser.Parse), http.Request.Headers, body.Faults));
        if (parsed is not null)
        {
            await pipeline.RunAsync(http, parsed, Form);
        }
    }
}
