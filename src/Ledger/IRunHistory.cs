namespace Penstock.Ledger;

/// <summary>What is on record of agent runs, for whoever limits them and was not there from their beginning. Thread-safe.</summary>
public interface IRunHistory
{
    /// <summary>What a tenant's run has used; null when there is no record of it.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    ValueTask<RunTotals?> FindRunAsync(string tenant, string runId);
}
