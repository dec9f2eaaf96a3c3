using Penstock.Engine.KvCache;
using Penstock.Engine.Running;
using Penstock.Engine.Simulation;

namespace Penstock.Engine.Tests.KvCache;

/// <summary>Random lives of sequences that share prefixes through a cache: every logit is what the sequence gets alone, and every block is accounted for.</summary>
internal sealed class PrefixCacheMachine : IDisposable
{
    private const int Running = 5;
    private const int Blocks = 40;
    private const int BlockTokens = KvBlockPool.BlockTokens;

    private readonly Random random;
    private readonly SimulatedRunner runner = new(new SimulatedRunnerOptions { TotalBlocks = Blocks, MaxSequences = Running + 4, MaxRows = 256 });
    private readonly SimulatedRunner alone = new(new SimulatedRunnerOptions { TotalBlocks = Blocks, MaxSequences = 1, MaxRows = 256 });
    private readonly PrefixCache cache;
    private readonly Life?[] lives = new Life?[Running];

    public PrefixCacheMachine(int seed)
    {
        random = new Random(seed);
        cache = new PrefixCache(runner.Kv, Running, random.Next(1, 5), ownerShare: random.Next(2) == 0 ? 1 : 0.3);
    }

    /// <summary>Tokens that did not have to be computed.</summary>
    public int Shared { get; private set; }

    public void Run(int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            var sequence = random.Next(Running);
            if (lives[sequence] is { } life)
                GoOn(sequence, life);
            else
                lives[sequence] = Begin(sequence);
            Verify();
        }

        for (var sequence = 0; sequence < Running; sequence++)
            End(sequence, keep: false);
        Verify();
        Assert.True(cache.MakeRoom(Blocks));
        Assert.Equal((0, 0), (cache.Blocks, cache.Nodes));
    }

    public void Dispose()
    {
        runner.Dispose();
        alone.Dispose();
    }

    // Prompts that often begin alike, at block boundaries and elsewhere.
    private Life Begin(int sequence)
    {
        var tokens = new int[random.Next(1, 120)];
        for (var start = 0; start < tokens.Length; start += 8)
            tokens.AsSpan(start, Math.Min(8, tokens.Length - start)).Fill(random.Next(5) == 0 ? 2 : 1);
        var life = new Life(tokens, random.Next(3) == 0 ? "b" : random.Next(8) == 0 ? PrefixTree.Common : "a");
        life.Lease = cache.Attach(life.Domain, tokens.AsSpan(0, tokens.Length - 1), sequence, lease: null);
        Shared += runner.Kv.Length(sequence);
        return life;
    }

    private void GoOn(int sequence, Life life)
    {
        var owner = cache.OwnerOf(life.Domain);
        switch (random.Next(6))
        {
            case 0:
                End(sequence, keep: random.Next(3) > 0);
                break;
            case 1:
                life.Lease = cache.Keep(life.Domain, owner, life.Tokens, sequence, life.Lease);
                break;
            case 2 when runner.Kv.Length(sequence) == (life.Lease?.End ?? 0):
                life.Lease = cache.Attach(life.Domain, life.Tokens.AsSpan(0, life.Tokens.Length - 1), sequence, life.Lease);
                break;
            default:
                Compute(sequence, life);
                break;
        }
    }

    private void Compute(int sequence, Life life)
    {
        var stored = runner.Kv.Length(sequence);
        var count = Math.Min(random.Next(1, 50), life.Tokens.Length - stored);
        if (count == 0 || !cache.MakeRoom(runner.Kv.BlocksToGrow(sequence, stored + count)))
            return;

        Assert.True(runner.Kv.TryReserve(sequence, stored + count));
        Assert.Equal(Logits(alone, 0, life.Tokens[..(stored + count)]), Logits(runner, sequence, life.Tokens[stored..(stored + count)]));
        alone.Kv.Release(0);
    }

    private void End(int sequence, bool keep)
    {
        if (lives[sequence] is not { } life)
            return;

        if (keep)
            cache.KeepLast(life.Domain, cache.OwnerOf(life.Domain), life.Tokens, sequence, life.Lease);
        runner.Kv.Release(sequence);
        if (life.Lease is not null)
            cache.Detach(life.Lease);
        lives[sequence] = null;
    }

    private void Verify()
    {
        Assert.Null(cache.Check());
        Assert.Null(runner.CheckKv());
        var held = 0;
        for (var sequence = 0; sequence < Running; sequence++)
            held += lives[sequence] is { } life ? KvBlockPool.BlocksFor(runner.Kv.Length(sequence)) - ((life.Lease?.End ?? 0) / BlockTokens) : 0;
        Assert.Equal(Blocks, runner.Kv.FreeBlocks + held + cache.Blocks);
    }

    private static float[] Logits(SimulatedRunner on, int sequence, int[] tokens)
    {
        var batch = new StepBatch();
        Assert.True(on.Kv.TryReserve(sequence, on.Kv.Length(sequence) + tokens.Length));
        batch.Add(sequence, on.Kv.Length(sequence), tokens, SliceOutput.LastRow);
        Assert.Equal(StepOutcome.Completed, on.Run(batch, new AbortSignal()));
        return on.Logits(0).ToArray();
    }

    private sealed class Life(int[] tokens, string domain)
    {
        public int[] Tokens { get; } = tokens;

        public string Domain { get; } = domain;

        public PrefixNode? Lease { get; set; }
    }
}
