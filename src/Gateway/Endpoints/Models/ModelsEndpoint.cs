using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Targets;
using Penstock.Engine.Adapters;
using Penstock.Engine.Serving;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Streaming;
using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Endpoints.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>. A model's adapters are models too, <c>model:adapter</c>. Adds <c>context_length</c>, <c>fingerprint</c> and an adapter's <c>parent</c> to OpenAI's fields. A key sees the models that it may use.</summary>
internal static class ModelsEndpoint
{
    public static Task ListAsync(HttpContext http) => JsonResponse.WriteAsync(http.Response, json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        var scope = RequestScope.Of(http).Key?.Models ?? KeyScope.All;
        var models = RequestScope.Of(http).Settings.Models;
        foreach (var model in models.Models.Where(model => scope.Allows(model.Name)))
        {
            Write(json, model.Target.Description);
            foreach (var adapter in Adapters(model))
            {
                Write(json, model.Target.Description, adapter);
            }
        }

        foreach (var name in models.UpstreamNames.Where(scope.Allows))
        {
            WriteUpstream(json, models, name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static Task GetAsync(HttpContext http)
    {
        var id = http.GetRouteValue("id") as string ?? "";
        if (RequestScope.Of(http).Key?.Models.Allows(id) == false)
        {
            return ErrorResponse.WriteAsync(http.Response, Authorization.OutOfScope("model", id));
        }

        var found = RequestScope.Of(http).Settings.Models.Find(id);
        if (!found.Ok)
        {
            return ErrorResponse.WriteAsync(http.Response, found.Error);
        }

        var (model, name) = (found.Value.Model, found.Value.Adapter);
        var adapter = name is null ? null : Adapters(model).FirstOrDefault(one => one.Name == name);
        return name is not null && adapter is null
            ? ErrorResponse.WriteAsync(http.Response, new(ErrorCode.ModelNotFound, $"The model '{model.Name}' has no such adapter. /v1/models lists those that it has.", "model"))
            : JsonResponse.WriteAsync(http.Response, json => Write(json, model.Target.Description, adapter));
    }

    // A glob is listed as it is configured: which of its names exist is the provider's to say.
    private static void WriteUpstream(Utf8JsonWriter json, ModelCatalog models, string name)
    {
        if (models.Find(name) is { Ok: true } found && found.Value.Model.Target.Description is { Remote: true } description)
        {
            Write(json, description);
        }
    }

    private static IEnumerable<AdapterDescription> Adapters(ServedModel model) =>
        (model.Target as LocalTarget)?.Adapters.List().Where(adapter => !adapter.Leaving) ?? [];

    private static void Write(Utf8JsonWriter json, TargetDescription model, AdapterDescription? adapter = null)
    {
        json.WriteStartObject();
        json.WriteString("id", adapter is null ? model.Name : $"{model.Name}:{adapter.Name}");
        json.WriteString("object", "model");
        json.WriteNumber("created", (adapter?.Since ?? model.Since).ToUnixTimeSeconds());
        json.WriteString("owned_by", model.Owner);
        if (!model.Remote)
        {
            json.WriteNumber("context_length", model.ContextLength);
            json.WriteString("fingerprint", model.Fingerprint + adapter?.Fingerprint);
        }

        if (adapter is not null)
        {
            json.WriteString("parent", model.Name);
        }

        json.WriteEndObject();
    }
}
