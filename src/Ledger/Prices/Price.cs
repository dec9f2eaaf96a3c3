using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Ledger.Prices;

/// <summary>The price that a request has, fixed when it is let in: one that changes at midnight does not change what is under way.</summary>
public sealed class Price
{
    private readonly PriceRates rates;
    private readonly UsageRules? rules;

    internal Price(PriceEntry entry, ServiceClass serviceClass)
    {
        rates = serviceClass == ServiceClass.Batch ? entry.Batch ?? entry.Rates : entry.Rates;
        rules = entry.Usage;
    }

    /// <summary>The most that a request can cost.</summary>
    public decimal AtMost(long promptTokens, long maxOutputTokens) => rates.AtMost(promptTokens, maxOutputTokens);

    /// <summary>What it did cost, by the same sum whether its answer was streamed or not.</summary>
    /// <param name="tokens">The record's counts.</param>
    /// <param name="estimated">Whether those are estimates.</param>
    /// <param name="usage">The provider's own usage object, or null.</param>
    public Cost Of(TokenCounts tokens, bool estimated, JsonElement? usage)
    {
        var counted = UsageFigures.Of(tokens, estimated);
        if (rules is null)
        {
            return rates.Of(counted);
        }

        var told = rules.Cost is { } pointer && JsonPointer.Find(usage, pointer) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var usd) && usd > 0;
        if (told)
        {
            return new Cost(JsonPointer.Find(usage, rules.Cost!)!.Value.GetDecimal(), false);
        }

        var cost = rates.Of(UsageFigures.Read(rules, usage, counted));
        return cost with { Estimated = cost.Estimated || rules.Cost is not null };
    }
}
