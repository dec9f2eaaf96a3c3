using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Tests.Budgets;

/// <summary>What a step does.</summary>
internal enum StepKind
{
    Reserve,
    Settle,
    Wait,
    Kill,
    Recover,
    Configure,
}

/// <summary>One thing that happens to a store and to the model of it. The numbers mean what the kind needs.</summary>
internal sealed record BudgetStep(StepKind Kind, int First, int Second, int Third)
{
    /// <summary>Does it to both and returns the store from then on.</summary>
    public async Task<IBudgetStore> DoAsync(IBudgetWorld world, IBudgetStore store, BudgetModel model, SettableTime time)
    {
        switch (Kind)
        {
            case StepKind.Reserve:
                // Asking for room also recovers, now and then, what the lease has run out for; make both do it first.
                await RecoverAsync(store, model);
                var claim = new BudgetClaim($"req-{model.Ids.Count}", $"key-{First}", new Spend(1, Second, Third));
                var grant = await store.ReserveAsync(claim);
                await grant.Durable;
                Assert.Equal(model.Fits(claim), grant.Refusal is null);
                if (grant.Refusal is null)
                {
                    model.Granted(claim);
                }

                break;
            case StepKind.Settle when model.Ids.Count > 0:
                var id = model.Ids[First % model.Ids.Count];
                var worst = model.WorstOf(id);
                var actual = new Spend(Second == 0 ? 0 : 1, worst.Tokens * Second / 100, worst.PicoUsd * Third / 100);
                await store.SettleAsync(id, actual);
                model.Settled(id, actual);
                break;
            case StepKind.Wait:
                time.Now += TimeSpan.FromSeconds(First);
                break;
            case StepKind.Kill:
                world.Kill();
                model.Killed();
                return await world.OpenAsync();
            case StepKind.Recover:
                await RecoverAsync(store, model);
                break;
            case StepKind.Configure:
                await store.ConfigureAsync(BudgetSteps.Tree);
                break;
        }

        return store;
    }

    private static async Task RecoverAsync(IBudgetStore store, BudgetModel model)
    {
        await store.RecoverAsync();
        model.Recovered(BudgetSteps.Lease);
    }
}
