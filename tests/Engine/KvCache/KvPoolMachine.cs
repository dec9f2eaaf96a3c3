using Penstock.Engine.KvCache;

namespace Penstock.Engine.Tests.KvCache;

/// <summary>A block pool with storage beside a model of plain lists. Every operation is done to both and compared.</summary>
internal sealed class KvPoolMachine
{
    private const int Blocks = 12;
    private const int Sequences = 4;
    private const int MaxTokens = 96;

    private readonly KvBlockPool pool = new(Blocks, Sequences, MaxTokens);
    private readonly int[] slots = new int[Blocks * KvBlockPool.BlockTokens];
    private readonly List<int>[] model = [.. Enumerable.Range(0, Sequences).Select(_ => new List<int>())];
    private int nextToken = 1;

    public void Do(int seed)
    {
        var random = new Random(seed);
        var (sequence, other) = (random.Next(Sequences), random.Next(Sequences));
        switch (random.Next(6))
        {
            case 0:
            case 1:
                Grow(sequence, random.Next(1, 40));
                break;
            case 2:
                Append(sequence, random.Next(1, 20));
                break;
            case 3:
                Share(sequence, other, random);
                break;
            case 4:
                var kept = random.Next(model[sequence].Count + 1);
                pool.Truncate(sequence, kept);
                model[sequence].RemoveRange(kept, model[sequence].Count - kept);
                break;
            default:
                pool.Release(sequence);
                model[sequence].Clear();
                break;
        }

        Verify();
    }

    private void Grow(int sequence, int by)
    {
        var tokens = Math.Min(MaxTokens, model[sequence].Count + by);
        var (needed, free) = (pool.BlocksToGrow(sequence, tokens), pool.FreeBlocks);
        var reserved = pool.TryReserve(sequence, tokens, out var copy);
        Assert.Equal(needed <= free, reserved);
        Assert.Equal(reserved ? free - needed : free, pool.FreeBlocks);
        if (copy.Needed)
            slots.AsSpan(copy.From * 16, copy.Tokens).CopyTo(slots.AsSpan(copy.To * 16));
        if (reserved)
            Assert.True(pool.Capacity(sequence) >= tokens);
    }

    private void Append(int sequence, int count)
    {
        count = Math.Min(count, pool.Capacity(sequence) - pool.Length(sequence));
        for (var i = 0; i < count; i++)
        {
            var position = pool.Length(sequence);
            slots[(pool.Table(sequence)[position / 16] * 16) + (position % 16)] = nextToken;
            model[sequence].Add(nextToken++);
            pool.Append(sequence, 1);
        }
    }

    private void Share(int source, int target, Random random)
    {
        if (source == target)
            return;

        // A common start of whole blocks, which the target has got in any way, and then a range of the source's.
        var from = Math.Min(model[source].Count, model[target].Count) / 16 * 16;
        if (random.Next(2) == 0 || !model[source].Take(from).SequenceEqual(model[target].Take(from)))
            from = 0;
        pool.Truncate(target, from);
        pool.TryReserve(target, Math.Min(MaxTokens, from + random.Next(20)), out _);
        var to = random.Next(from, model[source].Count + 1);
        pool.Share(source, target, from, to);
        model[target].RemoveRange(from, model[target].Count - from);
        model[target].AddRange(model[source].Take(to).Skip(from));
    }

    private void Verify()
    {
        Assert.Null(pool.Check());
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            var table = pool.Table(sequence).ToArray();
            var stored = Enumerable.Range(0, pool.Length(sequence)).Select(i => slots[(table[i / 16] * 16) + (i % 16)]);
            Assert.Equal(model[sequence], stored);
        }
    }
}
