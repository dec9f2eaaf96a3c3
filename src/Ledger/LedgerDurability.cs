namespace Penstock.Ledger;

/// <summary>What an acknowledged row survives.</summary>
public enum LedgerDurability
{
    /// <summary>The death of the process at any moment (SQLite's <c>synchronous=NORMAL</c>): the row is in the operating system's cache, which a power cut may take.</summary>
    Process,

    /// <summary>Power loss as well (<c>synchronous=FULL</c>): one flush of the disk a commit.</summary>
    Power,
}
