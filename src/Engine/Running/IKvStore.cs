using System.Buffers;

namespace Penstock.Engine.Running;

/// <summary>
/// A runner's KV memory, in blocks of <see cref="BlockTokens"/> tokens that sequences share by reference and copy on write.
/// Used by the loop's thread only, between steps. Invariant: <c>FreeBlocks + blocks held by at least one sequence = TotalBlocks</c>.
/// Running out is a value, and then nothing has changed.
/// </summary>
public interface IKvStore
{
    int BlockTokens { get; }

    int TotalBlocks { get; }

    int FreeBlocks { get; }

    /// <summary>Tokens whose KV is stored for this sequence; 0 for one that is not in use.</summary>
    int Length(int sequence);

    /// <summary>Blocks that <see cref="TryReserve"/> would take from the free ones to let the sequence grow to <paramref name="tokens"/> (copies on write included).</summary>
    int BlocksToGrow(int sequence, int tokens);

    /// <summary>Makes sure that the sequence can grow to <paramref name="tokens"/> without another block. False: not enough free blocks; nothing changed.</summary>
    bool TryReserve(int sequence, int tokens);

    /// <summary>
    /// Lets <paramref name="target"/>, which ends at <paramref name="from"/>, go on with the tokens up to <paramref name="to"/> of
    /// <paramref name="source"/>, without copying (a block filled only in part is copied when either writes). What the target had
    /// reserved is let go. The caller vouches that the first <paramref name="from"/> tokens of both are the same.
    /// </summary>
    /// <param name="source">Another sequence, at least <paramref name="to"/> tokens long.</param>
    /// <param name="target">The sequence to lengthen; an empty one begins with the other's first tokens.</param>
    /// <param name="from">The target's length, a multiple of <see cref="BlockTokens"/>.</param>
    /// <param name="to">Its new length.</param>
    void Share(int source, int target, int from, int to);

    /// <summary>Cuts the sequence to <paramref name="tokens"/> tokens, reservations beyond them included; blocks that nobody holds any more are free.</summary>
    void Truncate(int sequence, int tokens);

    /// <summary>Lets go of everything the sequence holds, reservations included. Idempotent.</summary>
    void Release(int sequence);

    /// <summary>Writes the sequence's KV; restoring gives bit-identical continuations on the same runner and model.</summary>
    void Save(int sequence, IBufferWriter<byte> destination);

    /// <summary>Fills the empty sequence from what <see cref="Save"/> wrote. Otherwise nothing changed: the value says whether blocks were missing or the bytes are not this model's.</summary>
    KvRestoreOutcome Restore(int sequence, ReadOnlySpan<byte> saved);
}
