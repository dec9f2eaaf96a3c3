namespace Penstock.Ledger.Administration;

/// <summary>
/// Tenants, keys, prices and whatever else was made while gateways run, as documents that only the gateway understands, and the log of their changes. All gateways over one store
/// see the same. Changes are made one after the other: each names the version that it was decided on. Thread-safe.
/// </summary>
public interface IAdministrationStore : IAsyncDisposable
{
    /// <summary>All that is in force.</summary>
    /// <exception cref="LedgerException">The store cannot be read.</exception>
    ValueTask<AdministeredState> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>The version alone; cheap enough to be asked for every second.</summary>
    /// <exception cref="LedgerException">The store cannot be read.</exception>
    ValueTask<long> ReadVersionAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes a change and its line in the log, both or neither; complete when stored.</summary>
    /// <param name="version">The version that the change was decided on.</param>
    /// <param name="change">The change.</param>
    /// <returns>Whether it was made; false = somebody else has made another since.</returns>
    /// <exception cref="LedgerException">It is not stored.</exception>
    ValueTask<bool> ChangeAsync(long version, AdministrationChange change);

    /// <summary>The latest lines of the log, the newest first.</summary>
    /// <exception cref="LedgerException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<AdministrationEntry>> ReadLogAsync(int most, CancellationToken cancellationToken = default);
}
