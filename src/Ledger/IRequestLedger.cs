using Penstock.Contracts.Records;

namespace Penstock.Ledger;

/// <summary>
/// The durable account of every request. Thread-safe. Rows of many callers share a transaction (group commit), so a call
/// costs one wait for the disk, not one turn at it. Disposing writes what is queued and then refuses more.
/// </summary>
public interface IRequestLedger : IAsyncDisposable
{
    /// <summary>
    /// Writes what is known at admission; complete when committed. Only what admission can know is stored: identity, routing and
    /// <see cref="TokenCounts.Prompt"/>. Everything else stays empty until <see cref="FinishAsync"/>.
    /// </summary>
    /// <param name="record">A record with <see cref="RecordState.Admitted"/> and an id that this ledger does not have.</param>
    /// <param name="cancellationToken">Gives up waiting for room in the queue, and then nothing is written. A row that is queued is written, and the call waits for that.</param>
    /// <exception cref="LedgerException">The row is not on disk; the message has cause and remedy. The ledger goes on.</exception>
    /// <exception cref="ObjectDisposedException">The ledger was disposed; nothing is written.</exception>
    ValueTask AdmitAsync(RequestRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the end of a request; complete when committed. A request that was never admitted (refused early) is inserted whole.
    /// A record that is already finished or interrupted is never changed: that is a <see cref="LedgerException"/>.
    /// </summary>
    /// <param name="record">A record with <see cref="RecordState.Finished"/>. The laws are not checked here: an unlawful record is kept and found by the audit.</param>
    /// <param name="cancellationToken">As for <see cref="AdmitAsync"/>.</param>
    /// <exception cref="LedgerException">
    /// The row is not on disk: the request counts as running, and after a restart as interrupted, unless the ledger keeps the row
    /// (<see cref="LedgerException.WillRetry"/>) and can write it later. Do not send it again then.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The ledger was disposed; nothing is written.</exception>
    ValueTask FinishAsync(RequestRecord record, CancellationToken cancellationToken);
}
