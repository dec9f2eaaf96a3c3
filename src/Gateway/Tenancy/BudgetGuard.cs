using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Tenancy;

/// <summary>
/// Lets a prepared request in if everybody who pays for it has room for its worst case: its prompt, all that it may sample, and what that costs. Thread-safe.
/// </summary>
/// <param name="budgets">The store; null where no node has a limit.</param>
/// <param name="runs">Agent runs and their limits.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when a limit of money cannot hold a model.</param>
internal sealed class BudgetGuard(IBudgetStore? budgets, RunBook runs, TimeProvider time, ILogger<BudgetGuard> logger)
{
    /// <summary>Clients choose the names of relayed models; nobody reads more warnings than this.</summary>
    private const int MostWarnings = 1000;

    private readonly ConcurrentDictionary<(string Owner, string Model), bool> warned = new();

    /// <summary>The request's account, or why it may not run. What is granted needs an end: <see cref="RequestAccount.SettleAsync"/>.</summary>
    /// <param name="rules">The limits and prices that it was received under.</param>
    /// <param name="request">The request.</param>
    /// <param name="target">What is to answer it.</param>
    /// <param name="prepared">How large it is.</param>
    /// <param name="receivedAt">Which price it has.</param>
    public async ValueTask<Outcome<RequestAccount>> ClaimAsync(SpendingRules rules, InferenceRequest request, TargetDescription target, IPreparedRequest prepared, DateTimeOffset receivedAt)
    {
        var quotes = new PriceQuotes(target, prepared.Candidates, one => rules.Prices.Find(one.Owner, one.Name, receivedAt, request.Terms.Class));
        var calls = prepared.ChargedCalls;
        var tokens = calls * (prepared.MaxPromptTokens + (long)prepared.MaxOutputTokens);
        RunCall? call = null;
        if (request.RunId is not null && rules.RunsOf(request.Tenant) is { } limits)
        {
            var entered = await runs.EnterAsync(limits, request, tokens, time.GetUtcNow());
            if (!entered.Ok)
            {
                return entered.Error;
            }

            call = entered.Value;
        }

        var node = TenantTree.NodeOf(request.Tenant, request.ApiKeyId);
        if (!rules.Limits(node))
        {
            return new RequestAccount(request.RequestId, quotes, null, call, Task.CompletedTask);
        }

        if (quotes.Unpriced is { } unpriced && rules.LimitsMoney(node))
        {
            if (rules.Unpriced == UnpricedModels.Refuse)
            {
                call?.Withdraw();
                return new PenstockError(ErrorCode.ModelUnpriced, $"'{request.Tenant}' has a limit in dollars, and '{unpriced.Name}' of '{unpriced.Owner}' has no price. Use a model that has one, or have this one priced.", "model");
            }

            Warn(unpriced, request.Tenant);
        }

        var worst = new Spend(1, tokens, Spend.Pico(calls * quotes.AtMost(prepared.MaxPromptTokens, prepared.MaxOutputTokens)));
        var grant = await (budgets ?? throw new InvalidOperationException($"'{node}' has limits, but there is no store to keep them.")).ReserveAsync(new BudgetClaim(request.RequestId, node, worst, call?.Continues ?? false));
        if (grant.Refusal is { } refusal)
        {
            call?.Withdraw();
            return BudgetErrors.Of(refusal, time.GetUtcNow());
        }

        return new RequestAccount(request.RequestId, quotes, budgets, call, grant.Durable);
    }

    // Once for each model: the log of a busy server must not say it with every request.
    private void Warn(TargetDescription target, string tenant)
    {
        if (warned.Count < MostWarnings && warned.TryAdd((target.Owner, target.Name), true))
        {
            GatewayLog.NoPrice(logger, target.Name, target.Owner, tenant);
        }
    }
}
