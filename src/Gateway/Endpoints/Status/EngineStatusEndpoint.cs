using Microsoft.AspNetCore.Http;
using Penstock.Engine.Running;
using Penstock.Engine.Serving;
using Penstock.Gateway.Endpoints.Adapters;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Status;

/// <summary><c>GET /engine/status</c>: what each model's engine is doing. It names all tenants, so with keys configured it takes an operator's.</summary>
internal static class EngineStatusEndpoint
{
    public static async Task HandleAsync(HttpContext http)
    {
        if (!await OperatorsOnly.AllowAsync(http, "The engine's status names all tenants"))
        {
            return;
        }

        await JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("engines");
            foreach (var model in RequestScope.Of(http).Settings.Models.Models)
            {
                json.WriteStartObject();
                json.WriteString("model", model.Name);
                if (model.Target is LocalTarget local)
                {
                    json.WriteString("runner", local.Capabilities.Name);
                    json.WriteString("kv_type", local.Capabilities.KvType?.Name());
                    EngineStatusJson.Write(json, local.Status);
                    json.WriteStartArray("adapters");
                    foreach (var adapter in local.Adapters.List())
                    {
                        AdapterJson.Write(json, adapter);
                    }

                    json.WriteEndArray();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
