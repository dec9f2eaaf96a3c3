using System.Text.Json;
using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Administration.Json;

/// <summary>A price in the form of <c>penstock.yaml</c>.</summary>
internal static class PriceJson
{
    public static void Write(Utf8JsonWriter json, PriceEntry price)
    {
        Text(json, "name", price.Name);
        json.WriteString("model", price.Model);
        Text(json, "target", price.Target);
        if (price.From > DateTimeOffset.MinValue)
        {
            json.WriteString("from", price.From);
        }

        if (price.Until is { } until)
        {
            json.WriteString("until", until);
        }

        Write(json, price.Rates);
        if (price.Batch is { } batch)
        {
            json.WriteStartObject("batch");
            Write(json, batch);
            json.WriteEndObject();
        }

        if (price.Usage is { } usage)
        {
            json.WriteStartObject("usage");
            Text(json, "input", usage.Input);
            Text(json, "cached", usage.Cached);
            Text(json, "output", usage.Output);
            Text(json, "reasoning", usage.Reasoning);
            Text(json, "cost", usage.Cost);
            json.WriteBoolean("cached_in_input", usage.CachedInInput);
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, PriceRates rates)
    {
        Number(json, "input", rates.Input);
        Number(json, "cached", rates.Cached);
        Number(json, "output", rates.Output);
        Number(json, "reasoning", rates.Reasoning);
        Number(json, "request", rates.Request);
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
