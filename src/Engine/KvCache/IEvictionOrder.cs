namespace Penstock.Engine.KvCache;

/// <summary>What a cached prefix is worth: the seam between the tree and the policy of eviction. Used by one thread; called once for each node on the path of a request.</summary>
public interface IEvictionOrder
{
    /// <summary>A cached part was used again.</summary>
    /// <param name="interval">Requests since its last use.</param>
    /// <param name="blocks">Its size.</param>
    void Reused(long interval, int blocks);

    /// <summary>The rank of a part used just now. The leaf of least rank goes first; ranks of different times are comparable.</summary>
    /// <param name="now">Requests so far: the clock.</param>
    /// <param name="uses">Requests that have used it, the one that brought it included.</param>
    /// <param name="end">Tokens from the prompt's beginning to its end: computing a token again costs more the deeper it lies.</param>
    double Rank(long now, int uses, int end);
}
