using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Causal attention over KV blocks that lie anywhere (Kwon et al. 2023), in tiles of queries by spans of tokens with an online
/// softmax (Dao 2023): a span is read from memory once for all queries of the tile, and from the nearest cache once for six.
/// </summary>
internal sealed unsafe class PagedAttention<TLanes, TVector> : IAttention
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int MostInPlace = 4;

    private readonly CpuKvStore store;
    private readonly KvLayout layout;
    private readonly int queriesPerHead;
    private readonly NativeBuffer floats;
    private readonly NativeBuffer pointers;
    private readonly QueryGroup[] groups;
    private readonly float* keys;
    private readonly float* values;
    private readonly float* scores;
    private readonly float* scratch;
    private AttentionTile tile;
    private int groupCount;
    private bool inPlace;

    /// <param name="store">Keys and values.</param>
    /// <param name="queryHeads">Query heads; as many share each KV head.</param>
    /// <param name="maxQueries">Most rows times query heads of one KV head in a tile.</param>
    public PagedAttention(CpuKvStore store, int queryHeads, int maxQueries)
    {
        this.store = store;
        layout = store.Layout;
        queriesPerHead = queryHeads / layout.Heads;
        groups = new QueryGroup[(maxQueries / QueryGroup.Most) + 3];
        var groupFloats = (long)groups.Length * QueryGroup.Floats(layout, QueryGroup.Most);
        var spanFloats = AttentionSpan.Blocks * layout.HeadFloats;
        floats = new NativeBuffer((groupFloats + (2 * spanFloats) + (QueryGroup.Most * AttentionSpan.Tokens)) * sizeof(float));
        pointers = new NativeBuffer(4 * AttentionSpan.Blocks * sizeof(float*));
        keys = floats.Floats;
        values = keys + spanFloats;
        scores = values + spanFloats;
        scratch = scores + (QueryGroup.Most * AttentionSpan.Tokens);
    }

    public void Run(in AttentionTile tile, int layer, LayerAttention settings, float* queries, int stride, in ActivationRows output)
    {
        var rule = new ScoreRule(settings, layout.HeadWidth);
        var end = tile.FirstHead + tile.Heads;
        var first = settings.FirstVisible(tile.Position) / AttentionSpan.Tokens * AttentionSpan.Blocks;
        var blocks = ((tile.Position + tile.Rows - 1) / KvLayout.BlockTokens) + 1;
        Prefetch(store.Table(tile.Sequence), first, blocks, layer, tile.FirstHead / queriesPerHead);
        for (var head = tile.FirstHead; head < end;)
        {
            var kvHead = head / queriesPerHead;
            var next = Math.Min(end, (kvHead + 1) * queriesPerHead);
            this.tile = tile with { FirstHead = head, Heads = next - head };
            Begin(queries, stride, rule.Scale);
            Visit(first, blocks, layer, kvHead, (end - 1) / queriesPerHead, settings, in rule);
            Finish(in output);
            head = next;
        }
    }

    public void Dispose()
    {
        floats.Dispose();
        pointers.Dispose();
    }

    // Groups of six as long as there are, then of two and one.
    private void Begin(float* queries, int stride, float scale)
    {
        groupCount = 0;
        var next = scratch;
        var total = tile.Rows * tile.Heads;
        for (var first = 0; first < total;)
        {
            var left = total - first;
            var count = left >= QueryGroup.Most ? QueryGroup.Most : Math.Min(left, 2);
            var (weights, sums) = (count * KvLayout.BlockTokens, count * layout.PaddedWidth);
            ref var group = ref groups[groupCount++];
            group = new QueryGroup
            {
                Largest = next,
                Corrections = next + QueryGroup.PaddedQueries,
                Weights = next + (2 * QueryGroup.PaddedQueries),
                Sums = next + (2 * QueryGroup.PaddedQueries) + weights,
                Queries = next + (2 * QueryGroup.PaddedQueries) + weights + sums,
                First = first,
                Count = count,
                FirstPosition = tile.Position + (first / tile.Heads),
                LastPosition = tile.Position + ((first + count - 1) / tile.Heads),
            };
            new Span<float>(next, (2 * QueryGroup.PaddedQueries) + weights + sums).Clear();
            new Span<float>(group.Largest, QueryGroup.PaddedQueries).Fill(float.MinValue);
            for (var query = 0; query < count; query++)
                Interleave(Head(queries, stride, first + query), group.Queries + query, count, scale);

            next += QueryGroup.Floats(layout, count);
            first += count;
        }

        // Of halves that are used once or twice, or by two groups in turn: to widen them in memory would cost more than it saves.
        inPlace = total <= MostInPlace && layout.Format.FiniteHalves;
    }

    private float* Head(float* rows, int stride, int query) =>
        rows + ((long)(tile.Row + (query / tile.Heads)) * stride) + ((tile.FirstHead + (query % tile.Heads)) * layout.HeadWidth);

    private void Interleave(float* query, float* target, int step, float scale)
    {
        for (var i = 0; i < layout.HeadWidth; i++, target += step)
            *target = query[i] * scale;
    }

    private void Visit(int first, int blocks, int layer, int kvHead, int lastHead, LayerAttention settings, in ScoreRule rule)
    {
        var table = store.Table(tile.Sequence);
        var addresses = (byte**)pointers.Pointer;
        var span = new AttentionSpan
        {
            Keys = addresses,
            Values = addresses + AttentionSpan.Blocks,
            KeysAhead = addresses + (2 * AttentionSpan.Blocks),
            ValuesAhead = addresses + (3 * AttentionSpan.Blocks),
        };
        for (var block = first; block < blocks; block += AttentionSpan.Blocks)
        {
            span.Start = block * KvLayout.BlockTokens;
            span.Count = Math.Min(AttentionSpan.Blocks, blocks - block);
            if (!inPlace && block + AttentionSpan.Blocks < blocks)
                Prefetch(table, block + AttentionSpan.Blocks, blocks, layer, kvHead);
            else if (!inPlace && kvHead < lastHead)
                Prefetch(table, first, blocks, layer, kvHead + 1);
            for (var i = 0; i < span.Count; i++)
                Take(in span, i, table, first, block + i, blocks, layer, kvHead, lastHead);

            for (var i = 0; i < groupCount; i++)
            {
                if (groups[i].LastPosition >= span.Start && settings.FirstVisible(groups[i].FirstPosition) < span.Start + AttentionSpan.Tokens)
                {
                    if (inPlace)
                        Attend<FiniteHalves>(in groups[i], in span, in rule);
                    else
                        Attend<Singles>(in groups[i], in span, in rule);
                }
            }
        }
    }

    // Where a block's keys and values are read, and what is read a span later: of this head, of the next ones, or nothing new.
    private void Take(in AttentionSpan span, int i, ReadOnlySpan<int> table, int first, int block, int blocks, int layer, int head, int lastHead)
    {
        var wide = TLanes.Count == KvLayout.BlockTokens;
        var memory = store.Block(table[block]);
        byte* k = memory + layout.Keys(layer, head), v = memory + layout.Values(layer, head);
        span.Keys[i] = inPlace ? k : (byte*)layout.Format.Keys(k, keys + (i * layout.HeadFloats), wide);
        span.Values[i] = inPlace ? v : (byte*)layout.Format.Values(v, values + (i * layout.HeadFloats), wide);
        var next = block + AttentionSpan.Blocks;
        for (; next >= blocks && head < lastHead; next -= blocks - first)
            head++;
        if (next < blocks)
        {
            memory = store.Block(table[next]);
            k = memory + layout.Keys(layer, head);
            v = memory + layout.Values(layer, head);
        }

        span.KeysAhead[i] = k;
        span.ValuesAhead[i] = v;
    }

    // A span, while the one before is computed: blocks lie anywhere, so the hardware sees no pattern.
    private void Prefetch(ReadOnlySpan<int> table, int block, int blocks, int layer, int head)
    {
        for (var last = Math.Min(blocks, block + AttentionSpan.Blocks); block < last; block++)
        {
            var memory = store.Block(table[block]);
            Prefetch(memory + layout.Keys(layer, head), layout.Format.KeyBytes);
            Prefetch(memory + layout.Values(layer, head), layout.Format.ValueBytes);
        }
    }

    private static void Prefetch(byte* memory, int bytes)
    {
        if (!Sse.IsSupported)
            return;

        for (var i = 0; i < bytes; i += 64)
            Sse.Prefetch1(memory + i);
    }

    private void Attend<TElements>(in QueryGroup group, in AttentionSpan span, in ScoreRule rule)
        where TElements : struct, IElements
    {
        var blocks = Math.Min(span.Count, ((group.LastPosition - span.Start) / KvLayout.BlockTokens) + 1);
        for (var block = 0; block < blocks; block += TLanes.Count * 2 / KvLayout.BlockTokens)
        {
            var second = TLanes.Count < KvLayout.BlockTokens ? block : Math.Min(block + 1, blocks - 1);
            var offset = TLanes.Count < KvLayout.BlockTokens ? TLanes.Count * TElements.Bytes : 0;
            var target = scores + (block * KvLayout.BlockTokens);
            byte* a = span.Keys[block], b = span.Keys[second] + offset;
            if (group.Count == QueryGroup.Most)
                ScoreTile<TLanes, TVector>.Six(group.Queries, (float*)a, (float*)b, layout.HeadWidth, target);
            else if (group.Count == 2)
                ScoreTile<TLanes, TVector>.Two<TElements>(group.Queries, a, b, span.KeysAhead[block], span.KeysAhead[second], layout.HeadWidth, target);
            else
                ScoreTile<TLanes, TVector>.One<TElements>(group.Queries, a, b, span.KeysAhead[block], span.KeysAhead[second], layout.HeadWidth, target);
        }

        SpanSoftmax<TLanes, TVector>.Run(in group, scores, span.Start, blocks * KvLayout.BlockTokens, tile.Heads, in rule);
        Accumulate<TElements>(in group, in span);
    }

    // Slots after a query's position may hold anything: what only later queries of the group see is added to each on its own.
    private void Accumulate<TElements>(in QueryGroup group, in AttentionSpan span)
        where TElements : struct, IElements
    {
        var width = layout.PaddedWidth;
        var common = Math.Clamp(group.FirstPosition - span.Start + 1, 0, AttentionSpan.Tokens);
        if (group.Count == QueryGroup.Most)
            ValueTile<TLanes, TVector>.Six(group.Sums, width, group.Corrections, scores, (float**)span.Values, common);
        else if (group.Count == 2)
            ValueTile<TLanes, TVector>.Two<TElements>(group.Sums, width, group.Corrections, scores, span.Values, span.ValuesAhead, common);
        else
            ValueTile<TLanes, TVector>.One<TElements>(group.Sums, width, group.Corrections[0], scores, span.Values, span.ValuesAhead, 0, common);

        if (common == AttentionSpan.Tokens)
            return;

        for (var query = 1; query < group.Count; query++)
        {
            var seen = Math.Clamp(tile.Position + ((group.First + query) / tile.Heads) - span.Start + 1, 0, AttentionSpan.Tokens);
            if (seen > common)
                ValueTile<TLanes, TVector>.One<TElements>(group.Sums + (query * width), width, 1f, scores + (query * AttentionSpan.Tokens), span.Values, span.ValuesAhead, common, seen);
        }
    }

    private void Finish(in ActivationRows output)
    {
        for (var i = 0; i < groupCount; i++)
        {
            ref readonly var group = ref groups[i];
            for (var query = 0; query < group.Count; query++)
            {
                var total = VectorMath.Sum(Vector256.Load(group.Weights + (query * KvLayout.BlockTokens)), Vector256.Load(group.Weights + (query * KvLayout.BlockTokens) + 8));
                var sums = group.Sums + (query * layout.PaddedWidth);
                var target = Head(output.Values(0), output.Stride, group.First + query);
                var dimension = 0;
                for (; dimension + TLanes.Count <= layout.HeadWidth; dimension += TLanes.Count)
                    TLanes.Store(TLanes.Divide(TLanes.Load(sums + dimension), TLanes.Create(total)), target + dimension);
                for (; dimension < layout.HeadWidth; dimension++)
                    target[dimension] = sums[dimension] / total;
            }
        }
    }
}
