using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Embeddings;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingEndpoint(ApiRequest api, EmbeddingPipeline pipeline)
{
    public async Task HandleAsync(HttpContext http)
    {
        var base64 = false;
        var parsed = await api.ReadAsync(http, (body, caller) => CallerHeaders.Apply(
            RequestReader.Read(RequestScope.Of(http).Settings.Models, body, caller, WireForm.Embeddings, (strict, who) => new(EmbeddingRequestParser.Parse(strict, who, out base64), IncludeUsage: false)), http.Request.Headers, body.Faults));
        if (parsed is not null)
        {
            await pipeline.RunAsync(http, parsed.Request, base64);
        }
    }
}
