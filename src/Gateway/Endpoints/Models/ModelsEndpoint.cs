using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Penstock.Contracts.Errors;
using Penstock.Engine.Adapters;
using Penstock.Engine.Serving;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Streaming;
using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Endpoints.Models;

/// <summary>
/// <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>. A model's adapters are models too, <c>model:adapter</c>. A key sees the models that it may use. Who sends
/// <c>anthropic-version</c>, as that provider's clients do, gets its form.
/// </summary>
internal static class ModelsEndpoint
{
    public static Task ListAsync(HttpContext http)
    {
        var scope = RequestScope.Of(http).Key?.Models ?? KeyScope.All;
        var models = RequestScope.Of(http).Settings.Models;
        ListedModel[] listed =
        [
            .. models.Models.Where(model => scope.Allows(model.Name)).SelectMany(Listed),
            .. models.UpstreamNames.Where(scope.Allows).SelectMany(name => Elsewhere(models, name)),
        ];
        return JsonResponse.WriteAsync(http.Response, json => WriteList(json, listed, AnthropicErrorJson.IsSpokenBy(http.Request)));
    }

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
        if (name is not null && adapter is null)
        {
            return ErrorResponse.WriteAsync(http.Response, new(ErrorCode.ModelNotFound, $"The model '{model.Name}' has no such adapter. /v1/models lists those that it has.", "model"));
        }

        var listed = new ListedModel(model.Target.Description, adapter);
        return JsonResponse.WriteAsync(http.Response, json => Writer(AnthropicErrorJson.IsSpokenBy(http.Request))(json, listed));
    }

    // One page holds them all, whatever limit is asked for: a server has as many as its configuration names.
    private static void WriteList(Utf8JsonWriter json, ListedModel[] models, bool anthropic)
    {
        json.WriteStartObject();
        if (anthropic)
        {
            json.WriteBoolean("has_more", false);
            json.WriteString("first_id", models.Length > 0 ? models[0].Id : null);
            json.WriteString("last_id", models.Length > 0 ? models[^1].Id : null);
        }
        else
        {
            json.WriteString("object", "list");
        }

        json.WriteStartArray("data");
        Array.ForEach(models, model => Writer(anthropic)(json, model));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Action<Utf8JsonWriter, ListedModel> Writer(bool anthropic) => anthropic ? ModelJson.WriteAnthropic : ModelJson.Write;

    private static IEnumerable<ListedModel> Listed(ServedModel model) =>
        [new(model.Target.Description), .. Adapters(model).Select(adapter => new ListedModel(model.Target.Description, adapter))];

    // A glob is listed as it is configured: which of its names exist is the provider's to say.
    private static IEnumerable<ListedModel> Elsewhere(ModelCatalog models, string name) =>
        models.Find(name) is { Ok: true } found && found.Value.Model.Target.Description is { Remote: true } description ? [new(description)] : [];

    private static IEnumerable<AdapterDescription> Adapters(ServedModel model) =>
        (model.Target as LocalTarget)?.Adapters.List().Where(adapter => !adapter.Leaving) ?? [];
}
