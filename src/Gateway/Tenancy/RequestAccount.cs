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
    /// <summary>Those of the unit in which money is stored (<see cref="Spend.PicoPerUsd"/>), so that sums of what is stored are exact.</summary>
    private const int Decimals = 12;

    /// <summary>Completes when the reservation is stored: nothing may be spent before.</summary>
    public Task Durable => durable;

    /// <summary>The record with its cost, that of all its attempts. What no target took costs nothing, and then there is none.</summary>
    public RequestRecord Charge(RequestRecord record, GenerationSummary? summary)
    {
        if (summary is { Attempts.Count: > 0 })
        {
            return ChargeAttempts(record, summary);
        }

        var price = prices.Asked;
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
        if (record is { FinishReason: FinishReason.Refused, ExtraTokens: 0 })
        {
            return ReleaseAsync();
        }

        var tokens = record.Tokens.Cached + record.Tokens.Prefilled + record.Tokens.Sampled + record.ExtraTokens;
        run?.Settle(tokens);
        return EndAsync(new Spend(1, tokens, Spend.Pico(record.CostUsd)));
    }

    /// <summary>Gives everything back: no target took the request.</summary>
    public ValueTask ReleaseAsync()
    {
        run?.Withdraw();
        return EndAsync(default);
    }

    // A call whose target has no price leaves the sum incomplete: better an estimate than nothing.
    private RequestRecord ChargeAttempts(RequestRecord record, GenerationSummary summary)
    {
        var attempts = new AttemptRecord[record.Attempts.Count];
        var unpriced = false;
        for (var index = 0; index < attempts.Length; index++)
        {
            var (attempt, account) = (record.Attempts[index], summary.Accounts[index]);
            var taken = attempt.Prompt > 0 || attempt.Produced > 0;
            var cost = taken ? prices.Of(attempt)?.Of(account.Tokens, account.TokensEstimated, account.ProviderUsage) : null;
            unpriced |= taken && cost is null;
            attempts[index] = cost is { } known ? attempt with { CostUsd = decimal.Round(known.Usd, Decimals), CostEstimated = known.Estimated } : attempt;
        }

        var priced = attempts.Where(attempt => attempt.CostUsd is not null).ToArray();
        return priced.Length == 0
            ? record with { Attempts = attempts }
            : record with { Attempts = attempts, CostUsd = priced.Sum(attempt => attempt.CostUsd), CostEstimated = unpriced || priced.Any(attempt => attempt.CostEstimated) };
    }

    private ValueTask EndAsync(Spend actual) => budgets?.SettleAsync(requestId, actual) ?? ValueTask.CompletedTask;
}
