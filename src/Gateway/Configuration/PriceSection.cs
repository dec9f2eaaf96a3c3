using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Configuration;

/// <summary><c>prices</c> in <c>penstock.yaml</c>: US dollars for a million tokens, and for each request.</summary>
internal static class PriceSection
{
    /// <summary>A price is a known amount of money; what costs nothing has no entry, and its records no cost.</summary>
    private const decimal LeastUsd = 0.000001m;

    private const decimal MostUsd = 100_000m;

    private static readonly string[] Rates = ["input", "cached", "output", "reasoning", "request"];

    public static PriceBook Read(YamlNodeReader root) => new([.. root.Items("prices").Select(Entry).OfType<PriceEntry>()]);

    /// <summary>One entry; null when it names no model.</summary>
    public static PriceEntry? Entry(YamlNodeReader price)
    {
        price.Allow(["name", "model", "target", "from", "until", .. Rates, "batch", "usage"], notYet: []);
        var model = price.RequiredString("model");
        var from = price.Moment("from") ?? DateTimeOffset.MinValue;
        var rates = RatesOf(price);
        var until = price.Moment("until");
        if (until <= from)
        {
            price.Faults.Add(new(price.PathOf("until"), $"{until:O}", "a price ends after it begins", "Correct from or until, or remove the entry."));
        }

        var batch = price.Child("batch");
        batch?.Allow(Rates, notYet: []);
        return model is null ? null : new PriceEntry(model, price.String("target"), from, rates)
        {
            Name = price.String("name"),
            Until = until,
            Batch = batch is null ? null : RatesOf(batch),
            Usage = Usage(price),
        };
    }

    private static PriceRates RatesOf(YamlNodeReader price)
    {
        var rates = new PriceRates(Rate(price, "input"), Rate(price, "cached"), Rate(price, "output"), Rate(price, "reasoning"), Rate(price, "request"));
        if (price.Child("input") is null && price.Child("request") is null)
        {
            price.Faults.Add(new(price.PathOf("input"), "missing", "a price is for input tokens, for requests, or for both", "Add one, or remove the entry: what has no price has no cost."));
        }

        return rates;
    }

    private static decimal? Rate(YamlNodeReader price, string key) => price.Exact(key, LeastUsd, MostUsd);

    private static UsageRules? Usage(YamlNodeReader price)
    {
        if (price.Child("usage") is not { } usage)
        {
            return null;
        }

        usage.Allow(["input", "cached", "output", "reasoning", "cost", "cached_in_input"], notYet: []);
        return new UsageRules(
            Pointer(usage, "input"), Pointer(usage, "cached"), Pointer(usage, "output"), Pointer(usage, "reasoning"), Pointer(usage, "cost"), usage.Switch("cached_in_input") ?? true);
    }

    private static string? Pointer(YamlNodeReader usage, string key)
    {
        var text = usage.String(key);
        if (text is null || (text.StartsWith('/') && JsonPointer.IsValid(text)))
        {
            return text;
        }

        usage.Faults.Add(new(usage.PathOf(key), text, "a JSON pointer into the provider's usage object is needed, such as /prompt_tokens", "Begin with a slash."));
        return null;
    }
}
