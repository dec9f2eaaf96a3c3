namespace Penstock.Engine.KvCache;

/// <summary>A copy on write that the owner of the storage must make before it writes to the sequence: the first <paramref name="Tokens"/> slots of a block, in every layer.</summary>
/// <param name="From">Block that other sequences still read.</param>
/// <param name="To">Fresh block that the sequence holds alone.</param>
/// <param name="Tokens">Slots in use, 1 to <see cref="KvBlockPool.BlockTokens"/> - 1; 0 = nothing is to be copied.</param>
public readonly record struct KvBlockCopy(int From, int To, int Tokens)
{
    /// <summary>Whether there is anything to copy.</summary>
    public bool Needed => Tokens > 0;
}
