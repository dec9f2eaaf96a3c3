namespace Penstock.Engine.KvCache;

/// <summary>What was used longest ago goes first, whatever it cost: what <see cref="DecayingValue"/> is compared with.</summary>
public sealed class LeastRecentlyUsed : IEvictionOrder
{
    public void Reused(long interval, int blocks)
    {
    }

    public double Rank(long now, int uses, int end) => now;
}
