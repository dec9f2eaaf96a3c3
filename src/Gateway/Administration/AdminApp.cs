using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Administration.Resources;
using Penstock.Gateway.Endpoints.OpenApi;
using Penstock.Gateway.Settings;
using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Administration;

/// <summary>The administration's map of paths.</summary>
internal static class AdminApp
{
    private const string Document = "Penstock.Gateway.Administration.openapi.json";

    public static void MapAdministration(this WebApplication app, SettingsReloader reloader, LiveSettings live, IBudgetStore? budgets, TimeProvider time)
    {
        var settings = new SettingsResource(reloader);
        var (tenants, keys, prices) = (new TenantsResource(reloader), new KeysResource(reloader, time), new PricesResource(reloader));
        var (targets, usage) = (new TargetsResource(reloader, live, time), new BudgetsResource(live, budgets, time));
        Get("status", settings.StatusAsync);
        Post("reload", settings.ReloadAsync);
        Get("changes", settings.ChangesAsync);
        Map("tenants", tenants);
        Map("keys", keys);
        Post("keys/{name}/rotate", keys.RotateAsync);
        Map("prices", prices);
        Get("budgets", usage.ListAsync);
        Get("budgets/{*name}", usage.ShowAsync);
        Get("targets", targets.ListAsync);
        Get("targets/{name}", targets.ShowAsync);
        Post("targets/{name}/drain", targets.DrainAsync);
        Post("targets/{name}/undrain", targets.UndrainAsync);
        Get("openapi.json", http => OpenApiEndpoint.WriteAsync(http, Document));

        void Map<T>(string plural, AdministeredResource<T> resource)
            where T : class
        {
            Get(plural, resource.ListAsync);
            Get($"{plural}/{{name}}", resource.ShowAsync);
            app.MapPut($"/admin/v1/{plural}/{{name}}", (RequestDelegate)resource.PutAsync);
            app.MapDelete($"/admin/v1/{plural}/{{name}}", (RequestDelegate)resource.RemoveAsync);
        }

        void Get(string path, RequestDelegate handle) => app.MapMethods($"/admin/v1/{path}", [HttpMethods.Get], handle);

        void Post(string path, RequestDelegate handle) => app.MapMethods($"/admin/v1/{path}", [HttpMethods.Post], handle);
    }
}
