using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Embeddings;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingEndpoint(ApiRequest api, EmbeddingPipeline pipeline)
{
    public async Task HandleAsync(HttpContext http)
    {
        var base64 = false;
        var request = await api.ReadAsync(http, (body, caller) => CallerHeaders.Apply(EmbeddingRequestParser.Parse(body, caller, out base64), http.Request.Headers, body.Faults));
        if (request is not null)
        {
            await pipeline.RunAsync(http, request, base64);
        }
    }
}
