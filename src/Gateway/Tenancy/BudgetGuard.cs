using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Penstock.Contracts;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Tenancy;

/// <summary>
/// Lets a prepared request in if everybody who pays for it has room for its worst case: its prompt, all that it may sample, and what that costs. Thread-safe.
/// </summary>
internal sealed class BudgetGuard
{
    /// <summary>Clients choose the names of relayed models; nobody reads more warnings than this.</summary>
    private const int MostWarnings = 1000;

    private readonly IBudgetStore? budgets;
    private readonly PriceBook prices;
    private readonly RunBook runs;
    private readonly TimeProvider time;
    private readonly FrozenSet<string> limited;
    private readonly FrozenSet<string> limitedInMoney;
    private readonly ILogger<BudgetGuard> logger;
    private readonly ConcurrentDictionary<(string Owner, string Model), bool> warned = new();

    /// <param name="budgets">The store; null where no node has a limit.</param>
    /// <param name="tree">The nodes that the store knows.</param>
    /// <param name="prices">What models cost.</param>
    /// <param name="runs">Agent runs and their limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when a limit of money cannot hold a model.</param>
    public BudgetGuard(IBudgetStore? budgets, BudgetTree tree, PriceBook prices, RunBook runs, TimeProvider time, ILogger<BudgetGuard> logger)
    {
        this.budgets = budgets;
        this.prices = prices;
        this.runs = runs;
        this.time = time;
        this.logger = logger;

        // Nobody waits for a reservation that no limit looks at.
        limited = Below(tree, _ => true);
        limitedInMoney = Below(tree, limit => limit.Unit == BudgetUnit.Usd);
        if (budgets is null && limited.Count > 0)
        {
            throw new ArgumentException($"'{limited.First()}' has limits, but there is no store to keep them.", nameof(budgets));
        }
    }

    /// <summary>The request's account, or why it may not run. What is granted needs an end: <see cref="RequestAccount.SettleAsync"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="target">What is to answer it.</param>
    /// <param name="prepared">How large it is.</param>
    /// <param name="receivedAt">Which price it has.</param>
    public async ValueTask<Outcome<RequestAccount>> ClaimAsync(InferenceRequest request, TargetDescription target, IPreparedRequest prepared, DateTimeOffset receivedAt)
    {
        var quotes = new PriceQuotes(target, prepared.Candidates, one => prices.Find(one.Owner, one.Name, receivedAt, request.Terms.Class));
        long tokens = prepared.MaxPromptTokens + (long)prepared.MaxOutputTokens;
        RunCall? call = null;
        if (request.RunId is not null)
        {
            var entered = await runs.EnterAsync(request, tokens, time.GetUtcNow());
            if (!entered.Ok)
            {
                return entered.Error;
            }

            call = entered.Value.Call;
        }

        var node = TenantTree.NodeOf(request.Tenant, request.ApiKeyId);
        if (!limited.Contains(node))
        {
            return new RequestAccount(request.RequestId, quotes, null, call, Task.CompletedTask);
        }

        if (quotes.Unpriced is { } unpriced && limitedInMoney.Contains(node))
        {
            Warn(unpriced, request.Tenant);
        }

        var worst = new Spend(1, tokens, Spend.Pico(quotes.AtMost(prepared.MaxPromptTokens, prepared.MaxOutputTokens)));
        var grant = await budgets!.ReserveAsync(new BudgetClaim(request.RequestId, node, worst, call?.Continues ?? false));
        if (grant.Refusal is { } refusal)
        {
            call?.Withdraw();
            return BudgetErrors.Of(refusal, time.GetUtcNow());
        }

        return new RequestAccount(request.RequestId, quotes, budgets, call, grant.Durable);
    }

    // Those with such a limit anywhere on their way to the top.
    private static FrozenSet<string> Below(BudgetTree tree, Func<BudgetLimit, bool> fits) =>
        tree.Nodes.Where(node => tree.PathOf(node.Name).Any(one => one.Limits.Any(fits))).Select(node => node.Name).ToFrozenSet(StringComparer.Ordinal);

    // Once for each model: the log of a busy server must not say it with every request.
    private void Warn(TargetDescription target, string tenant)
    {
        if (warned.Count < MostWarnings && warned.TryAdd((target.Owner, target.Name), true))
        {
            GatewayLog.NoPrice(logger, target.Name, target.Owner, tenant);
        }
    }
}
