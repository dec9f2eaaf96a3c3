namespace Penstock.Ledger.Prices;

/// <summary>The price of some models from a date on.</summary>
/// <param name="Model">The model's name as the target is asked for it, or a pattern: <c>*</c> stands for any characters.</param>
/// <param name="Target">The target's name or pattern; null = any.</param>
/// <param name="From">Since when; the next entry of the same model and target ends it.</param>
/// <param name="Rates">What it costs.</param>
public sealed record PriceEntry(string Model, string? Target, DateTimeOffset From, PriceRates Rates)
{
    /// <summary>What it is called where prices are listed and changed; null = nothing.</summary>
    public string? Name { get; init; }

    /// <summary>Until when; from then on the entry counts no more, and what no other entry covers has no price. Null = until the next entry of the same model and target.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What requests of the batch class cost; null = the same.</summary>
    public PriceRates? Batch { get; init; }

    /// <summary>Where the provider's usage has the figures; null = the record's own counts are used.</summary>
    public UsageRules? Usage { get; init; }
}
