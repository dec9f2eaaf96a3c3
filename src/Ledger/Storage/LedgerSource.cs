using System.Data.Common;

namespace Penstock.Ledger.Storage;

/// <summary>What differs between the databases that a <see cref="LedgerReader"/> reads. It owns its connection. One thread at a time.</summary>
internal abstract class LedgerSource : IDisposable
{
    /// <summary>Where it is, for messages.</summary>
    public abstract string Place { get; }

    /// <summary>The columns that there are: those of this version of the SQLite schema.</summary>
    public abstract int Version { get; }

    /// <summary>Whether the gateway of a row of <c>request</c> is alive, as an expression; what else decides that is <see cref="ReadMoment.ServerLives"/>.</summary>
    public abstract string OwnerLives { get; }

    /// <summary>Tenants and their requests, prompts, samples, wall ticks and costs, as the database adds them up.</summary>
    public abstract string TenantSums { get; }

    public abstract ILabels Labels { get; }

    public abstract DbConnection Connection { get; }

    /// <summary>Fixes a moment that several readings share.</summary>
    public abstract ReadMoment Freeze();

    /// <summary>The last place in the ledger that nobody who is writing now can come before.</summary>
    public abstract long LastSettled();

    /// <summary>The database's own check of its structure, where it has one.</summary>
    public abstract IReadOnlyList<LawViolation> CheckStructure();

    public abstract LedgerException Explain(DbException error);

    public virtual void Dispose() => Connection.Dispose();
}
