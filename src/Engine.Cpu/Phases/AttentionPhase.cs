using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Threading;
using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Attention of a layer, shared out by KV head and by a few rows of a slice. How rows are grouped changes no result.</summary>
internal sealed unsafe class AttentionPhase : ITeamJob, IDisposable
{
    // Queries that share the reading of a block; more would push the block out of the first-level cache.
    private const int Queries = 16;

    private readonly CpuKvStore store;
    private readonly PagedAttention[] workers;
    private readonly (int Sequence, int Position, int Row, int Count)[] groups;
    private readonly LayerAttention[] layers;
    private readonly float* queries;
    private readonly ActivationRows output;
    private readonly int stride;
    private readonly int queriesPerHead;
    private readonly int rowsPerGroup;
    private int groupCount;
    private int layer;

    public AttentionPhase(CpuKvStore store, int threads, int maxRows, float* queries, int queryHeads, in ActivationRows output, LayerAttention[] layers)
    {
        this.store = store;
        this.layers = layers;
        this.queries = queries;
        this.output = output;
        stride = Strides.For(queryHeads * store.Layout.HeadWidth);
        queriesPerHead = queryHeads / store.Layout.Heads;
        rowsPerGroup = Math.Max(1, Queries / queriesPerHead);
        groups = new (int, int, int, int)[maxRows];
        workers = new PagedAttention[threads];
        for (var i = 0; i < threads; i++)
            workers[i] = new PagedAttention(store.Layout, rowsPerGroup * queriesPerHead);
    }

    /// <summary>Groups the step's rows, once for all layers.</summary>
    public void Plan(StepBatch batch)
    {
        groupCount = 0;
        foreach (var slice in batch.Slices)
        {
            for (var i = 0; i < slice.Count; i += rowsPerGroup)
                groups[groupCount++] = (slice.Sequence, slice.Position + i, slice.Offset + i, Math.Min(rowsPerGroup, slice.Count - i));
        }
    }

    public void Run(ThreadTeam team, int index)
    {
        layer = index;
        team.Run(this, groupCount * store.Layout.Heads);
    }

    public void Execute(int item, int worker)
    {
        var heads = store.Layout.Heads;
        var (sequence, position, row, count) = groups[item / heads];
        var head = item % heads;
        var attention = workers[worker];
        attention.Clear();
        for (var i = 0; i < count; i++)
        {
            for (var query = head * queriesPerHead; query < (head + 1) * queriesPerHead; query++)
            {
                var offset = query * store.Layout.HeadWidth;
                attention.Add(queries + ((long)(row + i) * stride) + offset, output.Values(row + i) + offset, position + i);
            }
        }

        attention.Run(store, store.Table(sequence), layer, head, layers[layer]);
    }

    public void Dispose()
    {
        foreach (var worker in workers)
            worker.Dispose();
    }
}
