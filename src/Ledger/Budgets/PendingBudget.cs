using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Budgets;

/// <summary>A change of the budgets' tables on its way to the disk.</summary>
/// <param name="apply">Makes it, on the writer's thread.</param>
/// <param name="retried">Whether it is tried again when the store has failed: a settlement must not be lost.</param>
internal sealed class PendingBudget(Action apply, bool retried = false) : PendingWrite
{
    public override LedgerException? Apply()
    {
        apply();
        return null;
    }

    public override PendingWrite? Again() => retried ? new PendingBudget(apply, retried) : null;
}
