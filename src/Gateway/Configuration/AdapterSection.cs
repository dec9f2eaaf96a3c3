using Penstock.Contracts.Requests;
using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Configuration;

/// <summary>An entry of a model's <c>adapters</c> in <c>penstock.yaml</c>.</summary>
internal static class AdapterSection
{
    public static AdapterOptions? Read(YamlNodeReader adapter)
    {
        adapter.Allow(["name", "path", "scale"], notYet: []);
        var (name, path) = (adapter.RequiredString("name"), adapter.RequiredString("path"));
        var scale = (float)(adapter.Number("scale", AdapterSelection.LeastScale, AdapterSelection.MostScale) ?? 1);
        return name is null || path is null ? null : new AdapterOptions(name, path, scale);
    }
}
