using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Engine.Serving;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Streaming;
using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Endpoints.Status;

/// <summary><c>GET /engine/status</c>: what each model's engine is doing. It names all tenants, so with keys configured it takes an operator's.</summary>
internal sealed class EngineStatusEndpoint(ModelCatalog models, ApiKeyRing keys)
{
    private static readonly PenstockError NotAnOperator = new(
        ErrorCode.InvalidApiKey, "The engine's status names all tenants: it takes an operator's key, one with operator: true in penstock.yaml.");

    public Task HandleAsync(HttpContext http)
    {
        if (!keys.IsOpen && !RequestScope.Of(http).Operator)
        {
            return ErrorResponse.WriteAsync(http.Response, NotAnOperator);
        }

        return JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("engines");
            foreach (var model in models.Models)
            {
                json.WriteStartObject();
                json.WriteString("model", model.Name);
                if (model.Target is LocalTarget local)
                {
                    EngineStatusJson.Write(json, local.Status);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
