using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Gateway.Administration.Json;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;
using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Administration.Resources;

/// <summary><c>/admin/v1/prices</c>. An entry of the file without a name is listed by its place there.</summary>
internal sealed class PricesResource(SettingsReloader reloader) : AdministeredResource<PriceEntry>(reloader, AdministeredSettings.PriceKind, "price")
{
    protected override IReadOnlyList<PriceEntry> All(ServeOptions options) =>
        [.. options.Prices.Entries.Select((price, index) => price.Name is null ? price with { Name = $"prices[{index}]" } : price)];

    protected override string NameOf(PriceEntry item) => item.Name!;

    protected override JsonObject Merge(JsonObject definition, PriceEntry? existing) => definition;

    protected override PriceEntry? Read(YamlNodeReader definition) => PriceSection.Entry(definition);

    protected override void Write(Utf8JsonWriter json, PriceEntry item, bool stored) => PriceJson.Write(json, item);
}
