namespace Penstock.Ledger.Storage;

/// <summary>A change of any of the store's tables on its way to the disk.</summary>
/// <param name="apply">Makes it, on the writer's thread.</param>
/// <param name="retried">Whether it is tried again when the store has failed: a settlement must not be lost, and a key that is given back must not stay taken.</param>
internal sealed class PendingChange(Action apply, bool retried = false) : PendingWrite
{
    public override LedgerException? Apply()
    {
        apply();
        return null;
    }

    public override PendingWrite? Again() => retried ? new PendingChange(apply, retried) : null;
}
