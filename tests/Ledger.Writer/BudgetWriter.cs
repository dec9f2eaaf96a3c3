using Penstock.Ledger;
using Penstock.Ledger.Budgets;

namespace Penstock.Tests.Ledger.Writer;

/// <summary>
/// Reserves and settles from many tasks until it is killed or nothing fits. Each line is one acknowledgement: "R id worst", "S id actual", or "X id" for a refusal, after
/// which the task stands still.
/// </summary>
internal static class BudgetWriter
{
    private static BudgetTree Tree(long cap) => new([new("team", null, [new(BudgetWindow.Month, BudgetUnit.Tokens, cap)]), new("key", "team", [])]);

    public static async Task RunAsync(string file, string prefix, int tasks, long cap, Action<string> acknowledge)
    {
        await using var ledger = await SqliteLedger.OpenAsync(new LedgerOptions { File = file }, TimeProvider.System);
        await using var store = await SqliteBudgetStore.OpenAsync(ledger, Tree(cap), new BudgetOptions(), TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, tasks).Select(async task =>
        {
            for (var i = 0; ; i++)
            {
                var (id, worst) = ($"{prefix}-{task}-{i}", 1 + ((task + i) % 20));
                var grant = await store.ReserveAsync(new BudgetClaim(id, "key", new Spend(1, worst, 0)));
                if (grant.Refusal is not null)
                {
                    acknowledge($"X {id}");
                    await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
                }

                await grant.Durable;
                acknowledge($"R {id} {worst}");
                var actual = i % (worst + 1);
                await store.SettleAsync(id, new Spend(1, actual, 0));
                acknowledge($"S {id} {actual}");
            }
        }));
    }
}
