namespace Penstock.Engine.KvCache;

/// <summary>
/// Values a cached part by its uses times the cost of computing one of its tokens again, halved with every reuse interval that
/// passes: LFU with exponential ageing, weighted by cost per block as GDSF is (Cherkasova 1998). The interval is the mean time
/// between two uses that this cache has seen, so that it fits any traffic and any size.
/// </summary>
/// <remarks>
/// The value at time t is uses x cost x 2^-((t - last use) / interval). Its logarithm times the interval differs from the rank
/// only by t, which is the same for all: so ranks need no renewal as time passes.
/// </remarks>
/// <param name="attentionTokens">Depth at which attending to what came before doubles the cost of a token: the cost grows linearly with the depth. 0 = every token costs the same.</param>
public sealed class DecayingValue(int attentionTokens = DecayingValue.AttentionTokens) : IEvictionOrder
{
    /// <summary>
    /// Flatter than arithmetic says (some 30,000 tokens for a model of 8 G parameters), since deep parts are met again more rarely:
    /// on Mooncake's conversations this saves more computation than no cost at all, and no fewer tokens than plain LRU.
    /// </summary>
    public const int AttentionTokens = 200_000;

    // The mean settles within some ten thousand blocks, and follows a change of traffic as fast.
    private const double Forgetting = 1e-4;

    private double mean;
    private double weight;

    private double Interval => weight == 0 ? 0 : mean / weight;

    public void Reused(long interval, int blocks)
    {
        // Requests in a row that begin alike are one burst: they say nothing of when a conversation goes on.
        if (interval < 2)
            return;

        var share = 1 - Math.Pow(1 - Forgetting, blocks);
        weight += share * (1 - weight);
        mean += share * (interval - mean);
    }

    public double Rank(long now, int uses, int end) => now + (Interval * Math.Log2(uses * Cost(end)));

    private double Cost(int end) => attentionTokens == 0 ? 1 : 1 + ((double)end / attentionTokens);
}
