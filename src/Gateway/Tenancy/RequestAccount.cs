using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Tenancy;

/// <summary>What a request may spend and what it did cost, from its granted claim to its settlement. One user at a time.</summary>
/// <param name="requestId">Under which its claim was made.</param>
/// <param name="prices">Its prices.</param>
/// <param name="budgets">Where its claim is, or null where nobody limits it.</param>
/// <param name="run">The agent run that it belongs to and that its tokens count for, or null.</param>
/// <param name="durable">See <see cref="BudgetGrant.Durable"/>.</param>
public sealed class RequestAccount(string requestId, PriceQuotes prices, IBudgetStore? budgets, RunCall? run, Task durable)
{
    /// <summary>Completes when the reservation is stored: nothing may be spent before.</summary>
    public Task Durable => durable;

    /// <summary>The record with its cost. What no target took costs nothing, and then there is none.</summary>
    public RequestRecord Charge(RequestRecord record, GenerationSummary? summary)
    {
        var price = prices.Of(summary);
        if (price is null || record.FinishReason == FinishReason.Refused || (summary is null && record.Tokens is { Prefilled: 0, Cached: 0, Sampled: 0 }))
        {
            return record;
        }

        // Without the target's account, what left it is all that is known to have been computed.
        var cost = price.Of(record.Tokens, summary?.TokensEstimated ?? true, summary?.ProviderUsage);
        return record with { CostUsd = cost.Usd, CostEstimated = cost.Estimated };
    }

    /// <summary>Puts what the finished record says in the place of what was reserved.</summary>
    /// <exception cref="Ledger.LedgerException">It is not stored yet; see <see cref="IBudgetStore.SettleAsync"/>.</exception>
    public ValueTask SettleAsync(RequestRecord record)
    {
        if (record.FinishReason == FinishReason.Refused)
        {
            return ReleaseAsync();
        }

        var tokens = record.Tokens.Cached + record.Tokens.Prefilled + record.Tokens.Sampled;
        run?.Settle(tokens);
        return EndAsync(new Spend(1, tokens, Spend.Pico(record.CostUsd)));
    }

    /// <summary>Gives everything back: no target took the request.</summary>
    public ValueTask ReleaseAsync()
    {
        run?.Withdraw();
        return EndAsync(default);
    }

    private ValueTask EndAsync(Spend actual) => budgets?.SettleAsync(requestId, actual) ?? ValueTask.CompletedTask;
}
