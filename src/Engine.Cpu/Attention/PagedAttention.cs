using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Causal attention over KV blocks (Kwon et al. 2023) for the query heads that share a KV head. A block is read once for up
/// to <see cref="MaxQueries"/> queries, four at a time. Owned by one thread: it is that thread's scratch memory.
/// </summary>
internal sealed unsafe class PagedAttention : IDisposable
{
    private const int PrefetchBlocks = 2;
    private const int LineFloats = 64 / sizeof(float);

    private readonly KvLayout layout;
    private readonly NativeBuffer floats;
    private readonly NativeBuffer states;
    private ScoreRule rule;
    private int count;

    public PagedAttention(KvLayout layout, int maxQueries)
    {
        this.layout = layout;
        MaxQueries = maxQueries;
        floats = new NativeBuffer((long)maxQueries * FloatsPerQuery * sizeof(float));
        states = new NativeBuffer((long)maxQueries * sizeof(QueryState));
    }

    /// <summary>Queries that one pass can take.</summary>
    public int MaxQueries { get; }

    private int FloatsPerQuery => layout.PaddedWidth + (2 * KvLayout.BlockTokens);

    private QueryState* States => (QueryState*)states.Pointer;

    public void Clear() => count = 0;

    /// <summary>Adds a query of the pass. Positions do not fall from one to the next.</summary>
    public void Add(float* query, float* output, int position)
    {
        var scratch = floats.Floats + ((long)count * FloatsPerQuery);
        new Span<float>(scratch, FloatsPerQuery).Clear();
        States[count++] = new QueryState
        {
            Query = query,
            Output = output,
            Sum = scratch,
            Weights = scratch + layout.PaddedWidth,
            Current = scratch + layout.PaddedWidth + KvLayout.BlockTokens,
            Position = position,
            Largest = float.MinValue,
        };
    }

    /// <summary>Computes all added queries.</summary>
    /// <param name="store">KV memory.</param>
    /// <param name="table">The sequence's blocks.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="head">KV head.</param>
    /// <param name="settings">The layer's rules.</param>
    public void Run(CpuKvStore store, ReadOnlySpan<int> table, int layer, int head, LayerAttention settings)
    {
        rule = new ScoreRule(settings, layout.HeadWidth);
        var first = settings.FirstVisible(States[0].Position) / KvLayout.BlockTokens;
        var blocks = (States[count - 1].Position / KvLayout.BlockTokens) + 1;
        for (var i = first; i < Math.Min(blocks, first + PrefetchBlocks); i++)
            Prefetch(store.Block(table[i]), layer, head);

        for (var i = first; i < blocks; i++)
        {
            var block = store.Block(table[i]);
            if (i + PrefetchBlocks < blocks)
                Prefetch(store.Block(table[i + PrefetchBlocks]), layer, head);
            Visit(block + layout.Keys(layer, head), block + layout.Values(layer, head), i * KvLayout.BlockTokens);
        }

        for (var i = 0; i < count; i++)
            Finish(in States[i]);
    }

    public void Dispose()
    {
        floats.Dispose();
        states.Dispose();
    }

    // Blocks lie anywhere, so the hardware sees no pattern.
    private void Prefetch(float* block, int layer, int head)
    {
        if (!Sse.IsSupported)
            return;

        var keys = block + layout.Keys(layer, head);
        var values = block + layout.Values(layer, head);
        for (var i = 0; i < layout.HeadFloats; i += LineFloats)
        {
            Sse.Prefetch0(keys + i);
            Sse.Prefetch0(values + i);
        }
    }

    private void Visit(float* keys, float* values, int start)
    {
        var i = 0;
        while (i < count && States[i].Position < start)
            i++;

        for (; i + 4 <= count; i += 4)
        {
            var query = States + i;
            BlockKernels.ScoreFour(query, keys, layout.HeadWidth, start, in rule);
            if (Slots(query, start) == Slots(query + 3, start))
                BlockKernels.AccumulateFour(query, values, layout.PaddedWidth, Slots(query, start));
            else
                Accumulate(query, 4, values, start);
        }

        if (i + 2 <= count)
        {
            var query = States + i;
            BlockKernels.ScoreTwo(query, keys, layout.HeadWidth, start, in rule);
            if (Slots(query, start) == Slots(query + 1, start))
                BlockKernels.AccumulateTwo(query, values, layout.PaddedWidth, Slots(query, start));
            else
                Accumulate(query, 2, values, start);
            i += 2;
        }

        if (i < count)
        {
            BlockKernels.ScoreOne(States + i, keys, layout.HeadWidth, start, in rule);
            Accumulate(States + i, 1, values, start);
        }
    }

    // Slots of a block that a query sees. Positions do not fall, so queries see the same where the first and the last do.
    private static int Slots(QueryState* query, int start) => Math.Min(KvLayout.BlockTokens, query->Position - start + 1);

    private void Accumulate(QueryState* queries, int number, float* values, int start)
    {
        for (var query = queries; query < queries + number; query++)
            BlockKernels.AccumulateOne(query, values, layout.PaddedWidth, Slots(query, start));
    }

    private void Finish(in QueryState query)
    {
        var total = VectorMath.Sum(Vector256.Load(query.Weights), Vector256.Load(query.Weights + 8));
        for (var i = 0; i < layout.HeadWidth; i++)
            query.Output[i] = query.Sum[i] / total;
    }
}
