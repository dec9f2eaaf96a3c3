namespace Penstock.Ledger.Decisions;

/// <summary>
/// The first answer to each idempotency key, kept whole. Thread-safe. The laws: of many that ask for a key at once, on however many gateways, one gets the claim;
/// a decision that is there does not change until it has expired; a claim whose owner is dead is free again, and its owner, should it live after all, decides nothing more.
/// A failed store throws <see cref="LedgerException"/> and is then asked again: every call may be repeated.
/// </summary>
public interface IDecisionStore : IAsyncDisposable
{
    /// <summary>Claims a key, or says what became of it. Durable when it returns.</summary>
    /// <exception cref="LedgerException">Nobody knows whether the key is free: run nothing.</exception>
    ValueTask<DecisionClaim> ClaimAsync(DecisionKey key);

    /// <summary>Stores a part of an answer that is still being made. Segments are numbered from 0, without gaps.</summary>
    /// <returns>False where the claim is no longer held.</returns>
    ValueTask<bool> AppendAsync(long claim, int segment, ReadOnlyMemory<byte> chunks);

    /// <summary>Turns a claim into a decision, together with the last segment. Durable when it returns, and from then on what everybody gets.</summary>
    /// <returns>False where the claim is no longer held: another may have answered, and this answer must not be completed.</returns>
    ValueTask<bool> DecideAsync(long claim, Decision decision, ReadOnlyMemory<byte> last);

    /// <summary>Gives a key back that got no decision, and removes what was stored of its answer. Nothing happens where the claim is no longer held, or decided.</summary>
    ValueTask ReleaseAsync(long claim);

    /// <summary>A segment of an answer; null where it is gone.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(long claim, int segment);

    /// <summary>To be called every few seconds: deletes what has expired, a few at a time. Claims live as long as their gateway.</summary>
    /// <returns>How many decisions were deleted.</returns>
    ValueTask<int> TendAsync();
}
