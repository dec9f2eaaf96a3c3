using Penstock.Engine.Llama.Running;
using Penstock.Engine.Llama.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Random;

namespace Penstock.Engine.Llama.Tests.Running;

/// <summary>Steps that become several calls: outputs keep their numbers, and what did not complete leaves nothing.</summary>
public class StepTests
{
    private const float Tolerance = 0.05f;

    [Fact]
    public void Run_EveryKindOfSliceInOneStep_OutputsKeepTheirNumbers()
    {
        using var model = new TinyModel();
        using var runner = model.Load(maxRows: 256);
        var random = new Random(1);
        var texts = Enumerable.Range(0, 5).Select(_ => Tokens(random, 70)).ToArray();
        var last = Alone(runner, texts[0], SliceOutput.LastRow);
        var rows = Alone(runner, texts[1], SliceOutput.EveryRow);
        var hidden = Alone(runner, texts[2], SliceOutput.Hidden);
        var decoded = Alone(runner, [.. texts[3], 7], SliceOutput.LastRow);

        Step(runner, (3, texts[3], SliceOutput.None));
        Step(
            runner,
            (3, [7], SliceOutput.LastRow),
            (2, texts[2], SliceOutput.Hidden),
            (4, texts[4][..8], SliceOutput.None),
            (1, texts[1], SliceOutput.EveryRow),
            (0, texts[0], SliceOutput.LastRow));

        AssertNear(decoded[0], runner.Logits(0));
        for (var i = 0; i < 70; i++)
        {
            AssertNear(hidden[i], runner.Hidden(1 + i));
            AssertNear(rows[i], runner.Logits(71 + i));
        }

        AssertNear(last[0], runner.Logits(141));
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Logits(142).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Logits(1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Hidden(0).Length);
    }

    [Fact]
    public async Task Run_AbortedAtAnyMoment_IsPlannedAgainAsIfNothingHadRun()
    {
        using var model = new TinyModel(new RandomModelOptions { LayerCount = 4, EmbeddingWidth = 256, FeedForwardWidth = 640 });
        using var runner = model.Load(maxRows: 256);
        var random = new Random(3);
        var (history, prompt) = (Tokens(random, 30), Tokens(random, 200));
        var expected = new[] { Alone(runner, prompt, SliceOutput.LastRow)[0], Alone(runner, [.. history, 9], SliceOutput.LastRow)[0] };
        Step(runner, (1, history, SliceOutput.None));
        for (var attempt = 0; attempt < 40; attempt++)
        {
            Assert.True(runner.Kv.TryReserve(0, 200) && runner.Kv.TryReserve(1, 31));
            var (batch, abort) = (new StepBatch(), new AbortSignal());
            batch.Add(0, 0, prompt, SliceOutput.LastRow);
            batch.Add(1, 30, [9], SliceOutput.LastRow);
            var raising = Task.Run(() =>
            {
                Thread.SpinWait(attempt * 2000);
                abort.Raise();
            });
            var outcome = runner.Run(batch, abort);
            await raising;
            Assert.Contains(outcome, (StepOutcome[])[StepOutcome.Aborted, StepOutcome.Completed]);
            if (outcome == StepOutcome.Aborted)
            {
                Assert.Equal((0, 30), (runner.Kv.Length(0), runner.Kv.Length(1)));
                abort.Lower();
                Assert.Equal(StepOutcome.Completed, runner.Run(batch, abort));
            }

            AssertNear(expected[0], runner.Logits(0));
            AssertNear(expected[1], runner.Logits(1));
            runner.Kv.Release(0);
            runner.Kv.Truncate(1, 30);
        }
    }

    [Fact]
    public void Run_SequenceTwiceInAStep_Throws()
    {
        using var model = new TinyModel();
        using var runner = model.Load();
        Assert.True(runner.Kv.TryReserve(0, 8));
        var batch = new StepBatch();
        batch.Add(0, 0, [1], SliceOutput.None);
        batch.Add(0, 0, [2], SliceOutput.None);
        Assert.Throws<ArgumentException>(() => runner.Run(batch, new AbortSignal()));
    }

    [Fact]
    public void Run_Disposed_Throws()
    {
        using var model = new TinyModel();
        var runner = model.Load();
        runner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => runner.Run(new StepBatch(), new AbortSignal()));
        Assert.Throws<ObjectDisposedException>(() => runner.Kv.Save(0, new System.Buffers.ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void Capabilities_SayWhatIsNotPromised()
    {
        using var model = new TinyModel();
        using var runner = model.Load();
        Assert.StartsWith("engine.llama/0.5.0", runner.Capabilities.Name, StringComparison.Ordinal);
        Assert.False(runner.Capabilities.BatchInvariant);
        Assert.False(runner.Capabilities.AdapterPerRow);
    }

    internal static void Step(LlamaModelRunner runner, params (int Sequence, int[] Tokens, SliceOutput Output)[] slices)
    {
        var batch = new StepBatch();
        foreach (var (sequence, tokens, output) in slices)
        {
            var length = runner.Kv.Length(sequence);
            Assert.True(runner.Kv.TryReserve(sequence, length + tokens.Length));
            batch.Add(sequence, length, tokens, output);
        }

        Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
    }

    internal static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= Tolerance, $"Output {i} is {actual[i]} and not {expected[i]}.");
    }

    private static int[] Tokens(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(512))];

    private static float[][] Alone(LlamaModelRunner runner, int[] tokens, SliceOutput output)
    {
        Step(runner, (7, tokens, output));
        var count = output == SliceOutput.LastRow ? 1 : tokens.Length;
        float[][] outputs = [.. Enumerable.Range(0, count).Select(i => output == SliceOutput.Hidden ? runner.Hidden(i).ToArray() : runner.Logits(i).ToArray())];
        runner.Kv.Release(7);
        return outputs;
    }
}
