using System.Runtime.CompilerServices;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// From a span's scores to weights, for a group of queries. The reduction law: the largest score counts (which has no order);
/// each of a query's 16 sums of weights is the sum so far times its correction, plus the weights of its slot block by block.
/// </summary>
internal static unsafe class SpanSoftmax<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <param name="group">The queries; gets its corrections for this span.</param>
    /// <param name="scores">Products of query and key; become weights.</param>
    /// <param name="start">Position of the span.</param>
    /// <param name="tokens">Tokens with a score, whole blocks.</param>
    /// <param name="queriesPerRow">Query heads that are at the same position.</param>
    /// <param name="rule">The layer's rules.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(in QueryGroup group, float* scores, int start, int tokens, int queriesPerRow, in ScoreRule rule)
    {
        var largest = stackalloc float[QueryGroup.PaddedQueries];
        var offset = group.First % queriesPerRow;
        for (var query = 0; query < group.Count; query++)
        {
            var row = scores + (query * AttentionSpan.Tokens);
            rule.Apply<TLanes, TVector>(row, start, tokens, group.FirstPosition + ((offset + query) / queriesPerRow));
            var most = TLanes.Load(row);
            for (var i = TLanes.Count; i < tokens; i += TLanes.Count)
                most = TLanes.Max(most, TLanes.Load(row + i));
            var found = TLanes.Largest(most);
            largest[query] = found > group.Largest[query] ? found : group.Largest[query];
        }

        var corrections = LaneMath<TLanes, TVector>.Exp(TLanes.Subtract(TLanes.Load(group.Largest), TLanes.Load(largest)));
        TLanes.Store(corrections, group.Corrections);
        for (var query = 0; query < group.Count; query++)
        {
            group.Largest[query] = largest[query];
            Weigh(scores + (query * AttentionSpan.Tokens), tokens, largest[query], group.Corrections[query], group.Weights + (query * KvLayout.BlockTokens));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh(float* scores, int tokens, float largest, float correction, float* sums)
    {
        var most = TLanes.Create(largest);
        for (var lane = 0; lane < KvLayout.BlockTokens; lane += TLanes.Count)
        {
            var sum = TLanes.Multiply(TLanes.Load(sums + lane), TLanes.Create(correction));
            for (var i = lane; i < tokens; i += KvLayout.BlockTokens)
            {
                var weight = LaneMath<TLanes, TVector>.Exp(TLanes.Subtract(TLanes.Load(scores + i), most));
                TLanes.Store(weight, scores + i);
                sum = TLanes.Add(sum, weight);
            }

            TLanes.Store(sum, sums + lane);
        }
    }
}
