using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Engine.Adapters;
using Penstock.Engine.Serving;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Streaming;
using Penstock.Gateway.Wire;
using Penstock.Models.Adapters;
using Penstock.Models.Gguf;

namespace Penstock.Gateway.Endpoints.Adapters;

/// <summary><c>/engine/adapters</c>: lists, loads and unloads the adapters of the served models. With keys configured it takes an operator's.</summary>
internal sealed class AdaptersEndpoint(ApiRequest api)
{
    private const string Why = "Adapters are all tenants'";

    private sealed record LoadRequest(string? Model, string Name, string Path, float Scale);

    public static async Task ListAsync(HttpContext http)
    {
        if (!await OperatorsOnly.AllowAsync(http, Why))
        {
            return;
        }

        await JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("adapters");
            foreach (var model in RequestScope.Of(http).Settings.Models.Models)
            {
                foreach (var adapter in (model.Target as LocalTarget)?.Adapters.List() ?? [])
                {
                    AdapterJson.Write(json, adapter, model.Name);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    public async Task LoadAsync(HttpContext http)
    {
        if (!await OperatorsOnly.AllowAsync(http, Why) || await api.ReadAsync(http, Parse) is not { } request)
        {
            return;
        }

        var model = Find(RequestScope.Of(http).Settings.Models, request.Model);
        var loaded = !model.Ok ? model.Error
            : AdapterFolders.Refuse(RequestScope.Of(http).Settings.Options, request.Path) is { } refused ? refused
            : await Task.Run(() => Load(model.Value, request));
        if (!loaded.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, loaded.Error);
            return;
        }

        await JsonResponse.WriteAsync(http.Response, json => AdapterJson.Write(json, loaded.Value, model.Value!.Description.Name));
    }

    /// <summary>Answers at once: what runs with the adapter goes on to its end.</summary>
    public static async Task UnloadAsync(HttpContext http)
    {
        if (!await OperatorsOnly.AllowAsync(http, Why))
        {
            return;
        }

        var name = http.GetRouteValue("name") as string ?? "";
        var model = Find(RequestScope.Of(http).Settings.Models, http.Request.Query["model"].FirstOrDefault());
        if ((model.Ok ? model.Value.Adapters.Unload(name, out _) : model.Error) is { } error)
        {
            await ErrorResponse.WriteAsync(http.Response, error);
            return;
        }

        await JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model.Value!.Description.Name);
            json.WriteString("name", name);
            json.WriteBoolean("unloaded", true);
            json.WriteEndObject();
        });
    }

    private static Outcome<AdapterDescription> Load(LocalTarget model, LoadRequest request)
    {
        try
        {
            using var file = LoraFile.Open(request.Path);
            return model.Adapters.Load(request.Name, file, request.Scale);
        }
        catch (GgufException fault)
        {
            return new PenstockError(ErrorCode.InvalidRequest, fault.Message, "path");
        }
    }

    private static LoadRequest Parse(WireObject body, Caller caller) => new(
        body.Text("model"),
        body.Required("name")?.AsText() ?? "",
        body.Required("path")?.AsText() is { Length: > 0 } path ? path : Missing(body),
        body.Single("scale", AdapterSelection.LeastScale, AdapterSelection.MostScale, 1));

    private static string Missing(WireObject body)
    {
        body.Faults.Invalid("path", "path must name a GGUF file on the server.");
        return "";
    }

    private static Outcome<LocalTarget> Find(ModelCatalog models, string? name)
    {
        if (name is null && models.Models.Count > 1)
        {
            return new PenstockError(ErrorCode.InvalidRequest, "model is missing: several models are served here.", "model");
        }

        var route = models.Find(name ?? models.DefaultName);
        return !route.Ok ? route.Error
            : route.Value is { Adapter: null, Model.Target: LocalTarget local } ? local
            : new PenstockError(ErrorCode.InvalidRequest, "model must name a model that this server runs, without an adapter.", "model");
    }
}
