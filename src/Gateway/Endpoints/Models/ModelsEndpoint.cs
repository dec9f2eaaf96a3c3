using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Penstock.Contracts.Targets;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>. Adds <c>context_length</c> and <c>fingerprint</c> to OpenAI's fields.</summary>
internal sealed class ModelsEndpoint(ModelCatalog models)
{
    public Task ListAsync(HttpContext http) => JsonResponse.WriteAsync(http.Response, json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var model in models.Models)
        {
            Write(json, model.Target.Description);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public Task GetAsync(HttpContext http)
    {
        var found = models.Find(http.GetRouteValue("id") as string ?? "");
        return found.Ok
            ? JsonResponse.WriteAsync(http.Response, json => Write(json, found.Value.Target.Description))
            : ErrorResponse.WriteAsync(http.Response, found.Error);
    }

    private static void Write(Utf8JsonWriter json, TargetDescription model)
    {
        json.WriteStartObject();
        json.WriteString("id", model.Name);
        json.WriteString("object", "model");
        json.WriteNumber("created", model.Since.ToUnixTimeSeconds());
        json.WriteString("owned_by", model.Owner);
        json.WriteNumber("context_length", model.ContextLength);
        json.WriteString("fingerprint", model.Fingerprint);
        json.WriteEndObject();
    }
}
