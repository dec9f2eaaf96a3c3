using FsCheck;
using FsCheck.Fluent;
using Penstock.Engine.KvCache;

namespace Penstock.Engine.Tests.KvCache;

public sealed class KvBlockPoolTests
{
    [Fact]
    public void TryReserve_NotEnoughFree_NothingChanges()
    {
        var pool = new KvBlockPool(totalBlocks: 2, maxSequences: 2, maxTokens: 64);
        Assert.True(pool.TryReserve(0, 17, out _));
        Assert.False(pool.TryReserve(1, 1, out _));
        Assert.Equal((0, 0), (pool.FreeBlocks, pool.Capacity(1)));
        Assert.Null(pool.Check());
    }

    [Fact]
    public void TryReserve_SharedPartialBlock_AsksForOneCopy()
    {
        var pool = new KvBlockPool(totalBlocks: 8, maxSequences: 2, maxTokens: 64);
        pool.TryReserve(0, 20, out _);
        pool.Append(0, 20);
        pool.Share(0, 1, 0, 20);
        var shared = pool.Table(0)[1];
        Assert.True(pool.TryReserve(1, 21, out var copy));
        Assert.Equal(new KvBlockCopy(shared, pool.Table(1)[1], 4), copy);
        Assert.NotEqual(shared, pool.Table(1)[1]);
    }

    [Fact]
    public void Share_SourceHadReserved_SourceGoesOnWithoutACopy()
    {
        var pool = new KvBlockPool(totalBlocks: 8, maxSequences: 2, maxTokens: 64);
        pool.TryReserve(0, 40, out _);
        pool.Append(0, 20);
        pool.Share(0, 1, 0, 20);
        Assert.Equal(0, pool.BlocksToGrow(0, 40));
        pool.Append(0, 20);
        Assert.True(pool.TryReserve(1, 21, out var copy));
        Assert.True(copy.Needed);
    }

    [Fact]
    public void Share_Range_ReservationsAreLetGoAndBlocksShared()
    {
        var pool = new KvBlockPool(totalBlocks: 8, maxSequences: 2, maxTokens: 64);
        foreach (var (sequence, tokens) in new[] { (0, 48), (1, 16) })
        {
            pool.TryReserve(sequence, tokens, out _);
            pool.Append(sequence, tokens);
        }

        pool.TryReserve(1, 64, out _);
        pool.Share(0, 1, 16, 40);
        Assert.Equal((40, 40, 4), (pool.Length(1), pool.Capacity(1), pool.FreeBlocks));
        Assert.Equal(pool.Table(0)[1..], pool.Table(1)[1..]);
        Assert.Throws<InvalidOperationException>(() => pool.Share(0, 1, 40, 48));
        Assert.Null(pool.Check());
    }

    [Fact]
    public void EveryOperation_SteadyState_AllocatesNothing()
    {
        var pool = new KvBlockPool(totalBlocks: 16, maxSequences: 4, maxTokens: 128);
        Cycle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Cycle();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle()
        {
            pool.TryReserve(0, 40, out _);
            pool.Append(0, 35);
            pool.Share(0, 1, 0, 35);
            pool.TryReserve(1, 60, out _);
            pool.Truncate(0, 3);
            pool.Release(1);
            pool.Release(0);
        }
    }

    /// <summary>Random operations against a model that stores the tokens themselves: reads through the tables must give every sequence its own.</summary>
    [Fact]
    public void AnyOperations_AgainstModel_ContentAndCountsAgree() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200),
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), seeds =>
        {
            var machine = new KvPoolMachine();
            foreach (var seed in seeds)
                machine.Do(seed);
        }));
}
