using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Cuts a step's attention into <see cref="AttentionTile"/>s: large enough to read keys and values rarely, small enough to
/// keep all threads busy to the end. How it cuts changes no result. Reused from step to step.
/// </summary>
internal sealed class AttentionPlan
{
    /// <summary>Most queries of a tile and KV head: enough to hide the reading of keys and values behind arithmetic, while the queries and their sums still fit the second-level cache.</summary>
    public const int MostQueries = 96;

    // Tiles a thread, at least, where there is work for them: the last to end holds up the others by a small part.
    private const int TilesPerThread = 4;

    // Queries times tokens that take some microseconds, several times as long as handing out a tile.
    private const long LeastProducts = 512;

    private readonly AttentionTile[] tiles;
    private readonly int kvHeads;
    private readonly int queriesPerHead;
    private readonly int threads;
    private int count;

    public AttentionPlan(int queryHeads, int kvHeads, int threads, int maxRows)
    {
        (this.kvHeads, this.threads) = (kvHeads, threads);
        queriesPerHead = queryHeads / kvHeads;
        tiles = new AttentionTile[maxRows * queryHeads];
    }

    public ReadOnlySpan<AttentionTile> Tiles => tiles.AsSpan(0, count);

    /// <summary>Plans a step. Prompts come first: their tiles are the largest.</summary>
    public void Take(StepBatch batch)
    {
        count = 0;
        foreach (var slice in batch.Slices)
        {
            if (slice.Count > 1)
                Cut(slice);
        }

        foreach (var slice in batch.Slices)
        {
            if (slice.Count == 1)
                Cut(slice);
        }
    }

    // The rows that see most come first.
    private void Cut(StepSlice slice)
    {
        var rows = Math.Min(slice.Count, Math.Max(1, MostQueries / queriesPerHead));
        var wanted = threads == 1 ? 1 : threads * TilesPerThread;
        while (rows > 1 && (slice.Count + rows - 1) / rows * kvHeads < wanted)
            rows = (rows + 1) / 2;

        var heads = HeadsPerTile(rows * (slice.Position + (long)slice.Count), (slice.Count + rows - 1) / rows);
        for (var row = (slice.Count - 1) / rows * rows; row >= 0; row -= rows)
        {
            for (var head = 0; head < kvHeads * queriesPerHead; head += heads)
            {
                var last = Math.Min(heads, (kvHeads * queriesPerHead) - head);
                tiles[count++] = new AttentionTile(slice.Sequence, slice.Position + row, slice.Offset + row, Math.Min(rows, slice.Count - row), head, last);
            }
        }
    }

    // Usually those of one KV head; of several, where that is little work; fewer, where threads would be left without. One thread takes all:
    // it asks for the next head's keys while it computes one.
    private int HeadsPerTile(long productsPerHead, int rowTiles)
    {
        if (threads == 1)
            return kvHeads * queriesPerHead;

        var several = (int)Math.Clamp(LeastProducts / Math.Max(1, productsPerHead * queriesPerHead), 1, kvHeads);
        if (several > 1)
            return several * queriesPerHead;

        var parts = Math.Clamp((threads + (rowTiles * kvHeads) - 1) / (rowTiles * kvHeads), 1, queriesPerHead);
        return (queriesPerHead + parts - 1) / parts;
    }
}
