using System.Buffers;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;

namespace Penstock.Tests.Engine.Conformance;

/// <summary>What every <see cref="IModelRunner"/> must do. A test class derives it for its runner; each fact gets a runner of its own.</summary>
public abstract partial class ModelRunnerConformance
{
    /// <summary>Makes a runner of this size; the context must be at least 128 tokens.</summary>
    protected abstract IModelRunner Create(RunnerSize size);

    /// <summary>Largest difference that is allowed where the runner does not promise bit-identical logits.</summary>
    protected virtual float Tolerance => 0.05f;

    [Fact]
    public void Run_OtherSequencesInTheStep_LogitsUnchanged()
    {
        using var runner = Create(new RunnerSize());
        var (first, second) = (runner.Tokens(20, seed: 1), runner.Tokens(33, seed: 2));
        var (alone, aloneToo) = (runner.Alone(first), runner.Alone(second));
        runner.Step((0, first, SliceOutput.LastRow), (1, second, SliceOutput.LastRow));
        AssertSame(runner, alone, runner.Logits(0));
        AssertSame(runner, aloneToo, runner.Logits(1));
    }

    [Fact]
    public void Run_PrefillBesideDecode_LogitsUnchanged()
    {
        using var runner = Create(new RunnerSize());
        var (history, prompt) = (runner.Tokens(17, seed: 1), runner.Tokens(40, seed: 2));
        var (decoded, prefilled) = (runner.Alone([.. history, 3]), runner.Alone(prompt));
        runner.Prefill(0, history);
        runner.Step((1, prompt[..24], SliceOutput.None));
        runner.Step((1, prompt[24..], SliceOutput.LastRow), (0, [3], SliceOutput.LastRow));
        AssertSame(runner, prefilled, runner.Logits(0));
        AssertSame(runner, decoded, runner.Logits(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    public void Run_AnyChunking_SameLogits(int chunk)
    {
        using var runner = Create(new RunnerSize());
        var prompt = runner.Tokens(50);
        var whole = runner.Alone(prompt);
        AssertSame(runner, whole, runner.Prefill(0, prompt, chunk));
    }

    [Fact]
    public void Run_EveryRow_OutputsAreNumberedByRow()
    {
        using var runner = Create(new RunnerSize());
        var (prompt, other) = (runner.Tokens(5), runner.Tokens(9, seed: 4));
        float[][] expected = [.. Enumerable.Range(1, 5).Select(length => runner.Alone(prompt[..length])), runner.Alone(other)];
        runner.Step((0, prompt, SliceOutput.EveryRow), (1, other, SliceOutput.LastRow));
        for (var i = 0; i < expected.Length; i++)
            AssertSame(runner, expected[i], runner.Logits(i));
    }

    [Fact]
    public void Run_HiddenAmongOthers_OutputsShareOneNumbering()
    {
        using var runner = Create(new RunnerSize());
        var (prompt, embedded) = (runner.Tokens(6), runner.Tokens(3, seed: 5));
        var expected = runner.Alone(prompt);
        runner.Step((7, embedded, SliceOutput.Hidden));
        float[][] hidden = [.. Enumerable.Range(0, 3).Select(row => runner.Hidden(row).ToArray())];
        runner.Step((2, runner.Tokens(4, seed: 6), SliceOutput.None), (0, embedded, SliceOutput.Hidden), (1, prompt, SliceOutput.LastRow));
        for (var row = 0; row < hidden.Length; row++)
            AssertSame(runner, hidden[row], runner.Hidden(row));
        AssertSame(runner, expected, runner.Logits(3));
        Assert.Equal(runner.Capabilities.EmbeddingWidth, hidden[0].Length);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(21)]
    [InlineData(32)]
    public void Share_Fork_BranchesAreIsolated(int shared)
    {
        using var runner = Create(new RunnerSize());
        var prompt = runner.Tokens(shared);
        float[][] expected = [runner.Alone([.. prompt, 1, 2]), runner.Alone([.. prompt, 3, 4]), runner.Alone([.. prompt, 5, 6])];
        runner.Prefill(0, prompt);
        runner.Kv.Share(0, 1, 0, shared);
        runner.Kv.Share(0, 2, 0, shared);
        foreach (var (sequence, token) in new[] { (1, 3), (0, 1), (2, 5) })
            runner.Decode(sequence, token);
        AssertSame(runner, expected[0], runner.Decode(0, 2));
        AssertSame(runner, expected[1], runner.Decode(1, 4));
        AssertSame(runner, expected[2], runner.Decode(2, 6));
    }

    [Fact]
    public void Share_Prefix_ContinuesWithoutComputingIt()
    {
        using var runner = Create(new RunnerSize());
        var prompt = runner.Tokens(40);
        var expected = runner.Alone(prompt);
        runner.Prefill(0, [.. prompt[..35], 9, 9, 9]);
        var free = runner.Kv.FreeBlocks;
        runner.Kv.Share(0, 1, 0, 35);
        Assert.Equal(free, runner.Kv.FreeBlocks);
        runner.Kv.Release(0);
        AssertSame(runner, expected, runner.Prefill(1, prompt[35..]));
    }

    [Theory]
    [InlineData(1, 32)]
    [InlineData(1, 41)]
    [InlineData(2, 48)]
    public void Share_Range_GoesOnWithAnothersTokens(int ownBlocks, int to)
    {
        using var runner = Create(new RunnerSize());
        var (kv, prompt) = (runner.Kv, runner.Tokens(50));
        var (expected, other) = (runner.Alone(prompt), runner.Alone([.. prompt[..48], 7]));
        runner.Prefill(0, prompt[..48]);
        runner.Prefill(1, prompt[..(ownBlocks * kv.BlockTokens)]);
        Assert.True(kv.TryReserve(1, 60));
        kv.Share(0, 1, ownBlocks * kv.BlockTokens, to);

        // 48 tokens are held once, and beside them only what sequence 1 computed by itself.
        Assert.Equal((to, kv.TotalBlocks - (48 / kv.BlockTokens) - ownBlocks), (kv.Length(1), kv.FreeBlocks));
        AssertSame(runner, expected, runner.Prefill(1, prompt[to..]));
        AssertSame(runner, other, runner.Decode(0, 7));
        kv.Release(0);
        kv.Release(1);
        Assert.Equal(kv.TotalBlocks, kv.FreeBlocks);
    }

    /// <summary>A request that starts from a cached prefix says what it says alone: the prompt's logits and every token after them.</summary>
    [Theory]
    [InlineData(17)]
    [InlineData(33)]
    [InlineData(50)]
    public void PrefixCache_StartFromAPrefix_SameLogitsAsAlone(int agreed)
    {
        using var runner = Create(new RunnerSize());
        var cache = new PrefixCache(runner.Kv, firstSequence: 4, sequences: 2);
        var owner = cache.OwnerOf("t");
        int[] prompt = [.. runner.Tokens(60)[..agreed], .. runner.Tokens(20, seed: 9)];
        var (expected, after) = (runner.Alone(prompt, sequence: 0), runner.Alone([.. prompt, 5], sequence: 0));

        // Two others leave their prompts behind, in chunks that do not end with blocks; the first is split where the second leaves it.
        foreach (var tokens in new[] { runner.Tokens(60), [.. runner.Tokens(60)[..40], 1, 2, 3, 4, 5, 6, 7, 8, 9] })
        {
            var lease = cache.Attach("t", tokens.AsSpan(0, tokens.Length - 1), 0, lease: null);
            runner.Prefill(0, tokens[(lease?.End ?? 0)..], chunk: 23);
            cache.KeepLast("t", owner, tokens, 0, lease);
            runner.Kv.Release(0);
            if (lease is not null)
                cache.Detach(lease);
        }

        var own = cache.Attach("t", prompt.AsSpan(0, prompt.Length - 1), 1, lease: null);
        Assert.Equal(agreed / runner.Kv.BlockTokens * runner.Kv.BlockTokens, own!.End);
        AssertSame(runner, expected, runner.Prefill(1, prompt[own.End..]));
        Assert.True(cache.MakeRoom(runner.Kv.FreeBlocks + cache.EvictableBlocks));
        AssertSame(runner, after, runner.Decode(1, 5));
    }

    [Fact]
    public void Run_AbortRaised_NothingIsStored()
    {
        using var runner = Create(new RunnerSize());
        var prompt = runner.Tokens(48);
        var expected = runner.Alone(prompt);
        runner.Prefill(0, prompt[..20]);
        var batch = runner.Reserve((0, prompt[20..], SliceOutput.LastRow));
        var abort = new AbortSignal();
        abort.Raise();
        Assert.Equal(StepOutcome.Aborted, runner.Run(batch, abort));
        Assert.Equal(20, runner.Kv.Length(0));
        abort.Lower();
        Assert.Equal(StepOutcome.Completed, runner.Run(batch, abort));
        AssertSame(runner, expected, runner.Logits(0));
    }

    [Fact]
    public void Release_MidPrefill_BlocksAreFreeAndOthersGoOn()
    {
        using var runner = Create(new RunnerSize());
        var prompt = runner.Tokens(30);
        var expected = runner.Alone([.. prompt, 8]);
        runner.Prefill(0, prompt);
        var free = runner.Kv.FreeBlocks;
        runner.Step((1, runner.Tokens(40, seed: 3), SliceOutput.None));
        runner.Kv.Release(1);
        runner.Kv.Release(1);
        Assert.Equal(free, runner.Kv.FreeBlocks);
        Assert.Equal(0, runner.Kv.Length(1));
        AssertSame(runner, expected, runner.Decode(0, 8));
    }

    [Fact]
    public void TryReserve_NotEnoughBlocks_FalseAndNothingChanged()
    {
        using var runner = Create(new RunnerSize(Blocks: 4));
        var kv = runner.Kv;
        var prompt = runner.Tokens(kv.BlockTokens + 2);
        var expected = runner.Alone([.. prompt, 4]);
        runner.Prefill(0, prompt);
        var free = kv.FreeBlocks;
        var tooMany = (kv.TotalBlocks * kv.BlockTokens) + 1;
        Assert.True(kv.BlocksToGrow(1, tooMany) > free);
        Assert.False(kv.TryReserve(1, tooMany));
        Assert.Equal((free, 0, prompt.Length), (kv.FreeBlocks, kv.Length(1), kv.Length(0)));
        AssertSame(runner, expected, runner.Decode(0, 4));
    }

    [Fact]
    public void Run_NotReserved_OutOfBlocksAndNothingChanged()
    {
        using var runner = Create(new RunnerSize());
        var prompt = runner.Tokens(16);
        runner.Prefill(0, prompt);
        var batch = new StepBatch();
        batch.Add(0, 16, [1], SliceOutput.LastRow);
        Assert.Equal(StepOutcome.OutOfBlocks, runner.Run(batch, new AbortSignal()));
        Assert.Equal(16, runner.Kv.Length(0));
        AssertSame(runner, runner.Alone([.. prompt, 1]), runner.Decode(0, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(30)]
    public void Truncate_ThenOtherTokens_AsIfNeverComputed(int kept)
    {
        using var runner = Create(new RunnerSize());
        var (prompt, other) = (runner.Tokens(37), runner.Tokens(9, seed: 8));
        var expected = runner.Alone([.. prompt[..kept], .. other]);
        runner.Prefill(0, prompt);
        runner.Kv.Truncate(0, kept);
        Assert.Equal(kept, runner.Kv.Length(0));
        AssertSame(runner, expected, runner.Prefill(0, other));
    }

    [Fact]
    public void Save_Restore_ContinuesBitIdentically()
    {
        using var runner = Create(new RunnerSize());
        var prompt = runner.Tokens(37);
        runner.Prefill(0, prompt);
        var saved = Save(runner);
        var expected = runner.Decode(0, 5);
        runner.Kv.Release(0);
        Assert.Equal(KvRestoreOutcome.Restored, runner.Kv.Restore(3, saved));
        Assert.Equal(37, runner.Kv.Length(3));
        Assert.Equal(expected, runner.Decode(3, 5));
    }

    [Fact]
    public void Restore_DamagedOrForeign_ValueAndNothingChanged()
    {
        using var runner = Create(new RunnerSize());
        using var other = Create(new RunnerSize(Model: 2));
        runner.Prefill(0, runner.Tokens(20));
        var saved = Save(runner);
        var free = runner.Kv.FreeBlocks;
        var flipped = saved.ToArray();
        flipped[^3] ^= 0x40;
        foreach (var damaged in new[] { [], saved[..3], saved[..^1], [.. saved, 0], flipped })
            Assert.Equal(KvRestoreOutcome.NotCompatible, runner.Kv.Restore(1, damaged));
        Assert.Equal((free, 0), (runner.Kv.FreeBlocks, runner.Kv.Length(1)));
        Assert.Equal(KvRestoreOutcome.NotCompatible, other.Kv.Restore(1, saved));
    }

    [Fact]
    public void Restore_NotEnoughBlocks_ValueAndNothingChanged()
    {
        using var runner = Create(new RunnerSize(Blocks: 4));
        runner.Prefill(0, runner.Tokens(40));
        var saved = Save(runner);
        Assert.Equal(KvRestoreOutcome.OutOfBlocks, runner.Kv.Restore(1, saved));
        Assert.Equal((1, 0), (runner.Kv.FreeBlocks, runner.Kv.Length(1)));
    }

    [Fact]
    public void BlocksToGrow_AnyGrowth_IsWhatTryReserveTakes()
    {
        using var runner = Create(new RunnerSize());
        var kv = runner.Kv;
        runner.Prefill(0, runner.Tokens(21));
        kv.Share(0, 1, 0, 21);
        foreach (var (sequence, tokens) in new[] { (1, 22), (1, 40), (0, 60), (2, 16), (2, 17), (1, 3) })
        {
            var (free, predicted) = (kv.FreeBlocks, kv.BlocksToGrow(sequence, tokens));
            Assert.True(kv.TryReserve(sequence, tokens));
            Assert.Equal(predicted, free - kv.FreeBlocks);
            Assert.Equal(0, kv.BlocksToGrow(sequence, tokens));
        }
    }

    [Fact]
    public void Run_SteadyDecode_AllocatesNothing()
    {
        using var runner = Create(new RunnerSize());
        runner.Prefill(0, runner.Tokens(16));
        Assert.True(runner.Kv.TryReserve(0, 100));
        var (batch, abort) = (new StepBatch(), new AbortSignal());
        int[] token = [1];
        var least = long.MaxValue;
        for (var (round, position) = (0, 16); round < 6; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 12; i++, position++)
            {
                batch.Clear();
                batch.Add(0, position, token, SliceOutput.LastRow);
                runner.Run(batch, abort);
            }

            // The runtime may allocate on this thread when it compiles something anew; what a step allocates shows in every round.
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static byte[] Save(IModelRunner runner)
    {
        var writer = new ArrayBufferWriter<byte>();
        runner.Kv.Save(0, writer);
        return writer.WrittenSpan.ToArray();
    }

    private void AssertSame(IModelRunner runner, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        if (runner.Capabilities.BatchInvariant)
        {
            Assert.True(expected.SequenceEqual(actual), "The outputs differ, though the runner promises bit-identical ones.");
            return;
        }

        for (var i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= Tolerance, $"Output {i} is {actual[i]} and not {expected[i]}.");
    }
}
