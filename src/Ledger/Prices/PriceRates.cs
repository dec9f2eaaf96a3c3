namespace Penstock.Ledger.Prices;

/// <summary>What tokens and requests cost, in US dollars. Decimals throughout: money is never rounded on the way.</summary>
/// <param name="Input">For a million tokens of prompt; null where tokens of prompts cost nothing of their own.</param>
/// <param name="Cached">For a million tokens of prompt that were cached; null = as <paramref name="Input"/>.</param>
/// <param name="Output">For a million tokens of output; null where they cost nothing of their own.</param>
/// <param name="Reasoning">For a million of those that were reasoning; null = as <paramref name="Output"/>.</param>
/// <param name="Request">For each request.</param>
public sealed record PriceRates(decimal? Input, decimal? Cached, decimal? Output, decimal? Reasoning, decimal? Request)
{
    /// <summary>Tokens to which token rates apply.</summary>
    private const decimal Tokens = 1_000_000m;

    /// <summary>The cost of these figures. Rates that are missing for tokens that are there are those of the coarser kind, and the cost is then an estimate.</summary>
    public Cost Of(UsageFigures usage)
    {
        var coarse = (usage.Cached > 0 && Cached is null && Input is not null) || (usage.Reasoning > 0 && Reasoning is null && Output is not null);
        var usd = (Math.Max(0, usage.Input - usage.Cached) * (Input ?? 0))
            + (usage.Cached * (Cached ?? Input ?? 0))
            + (Math.Max(0, usage.Output - usage.Reasoning) * (Output ?? 0))
            + (usage.Reasoning * (Reasoning ?? Output ?? 0));
        return new Cost((usd / Tokens) + (Request ?? 0), usage.Estimated || coarse);
    }

    /// <summary>The most that so many tokens can cost, whatever part of them is cached or reasoning.</summary>
    public decimal AtMost(long input, long output) =>
        (((input * Math.Max(Input ?? 0, Cached ?? 0)) + (output * Math.Max(Output ?? 0, Reasoning ?? 0))) / Tokens) + (Request ?? 0);
}
