using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Decisions;

/// <summary>A change of the decisions' tables on its way to the disk.</summary>
/// <param name="apply">Makes it, on the writer's thread.</param>
/// <param name="retried">Whether it is tried again when the store has failed: a key that is given back must not stay taken.</param>
internal sealed class PendingDecision(Action apply, bool retried = false) : PendingWrite
{
    public override LedgerException? Apply()
    {
        apply();
        return null;
    }

    public override PendingWrite? Again() => retried ? new PendingDecision(apply, retried) : null;
}
