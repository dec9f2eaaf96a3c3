using System.Buffers;
using Penstock.Engine.Llama.Running;
using Penstock.Engine.Llama.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Llama.Tests.Running;

/// <summary>The lane for determinism: a prompt amid random neighbours, in any chunks, from a copied prefix or a restored state, gives the same bits.</summary>
public class DeterministicTests
{
    private const int Prompt = 150;
    private const int Answer = 12;
    private const int Neighbours = 3;

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    public void RandomNeighbours_EveryRun_SameLogits(TensorType type)
    {
        using var model = new TinyModel(new RandomModelOptions { Type = type, EmbeddingWidth = 128, FeedForwardWidth = 320 });
        using var runner = LlamaModelRunner.Load(model.File, new LlamaRunnerOptions { Threads = 2, ContextLength = 256, MaxRows = 256, MaxSequences = Neighbours + 1, KvTokens = 2048, Deterministic = true });
        Assert.True(runner.Capabilities.BatchInvariant);
        Assert.EndsWith("+deterministic", runner.Capabilities.Name, StringComparison.Ordinal);
        float[][]? expected = null;
        for (var run = 0; run < 12; run++)
        {
            var logits = Run(runner, new Random(run));
            expected ??= logits;
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], logits[i]);
        }
    }

    private static float[][] Run(LlamaModelRunner runner, Random random)
    {
        var prompt = Enumerable.Range(0, Prompt).Select(i => i * 37 % 500).ToArray();
        var (kv, batch, logits) = (runner.Kv, new StepBatch(), new List<float[]>());
        while (kv.Length(0) < Prompt + Answer)
        {
            var length = kv.Length(0);
            var count = length < Prompt ? Math.Min(random.Next(1, 60), Prompt - length) : 1;
            int[] tokens = length < Prompt ? prompt[length..(length + count)] : [length % 500];
            batch.Clear();
            for (var neighbour = 1; neighbour <= Neighbours; neighbour++)
                Disturb(runner, batch, neighbour, random);
            var outputs = batch.Slices.Length;
            Assert.True(kv.TryReserve(0, length + count));
            batch.Add(0, length, tokens, SliceOutput.LastRow);
            Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
            if (kv.Length(0) >= Prompt)
                logits.Add(runner.Logits(outputs).ToArray());
            if (random.Next(8) == 0)
                Move(kv, random);
        }

        for (var sequence = 0; sequence <= Neighbours; sequence++)
            kv.Release(sequence);
        return [.. logits];
    }

    private static void Disturb(LlamaModelRunner runner, StepBatch batch, int sequence, Random random)
    {
        if (random.Next(4) == 0)
            runner.Kv.Release(sequence);
        var (length, count) = (runner.Kv.Length(sequence), random.Next(1, 20));
        if (length + count <= 200 && runner.Kv.TryReserve(sequence, length + count))
            batch.Add(sequence, length, [.. Enumerable.Range(0, count).Select(_ => random.Next(500))], SliceOutput.LastRow);
    }

    // Preempted and restored, or gone on with from a copy.
    private static void Move(IKvStore kv, Random random)
    {
        if (random.Next(2) == 0)
        {
            var saved = new ArrayBufferWriter<byte>();
            kv.Save(0, saved);
            kv.Release(0);
            Assert.Equal(KvRestoreOutcome.Restored, kv.Restore(0, saved.WrittenSpan));
            return;
        }

        kv.Release(1);
        kv.Share(0, 1, 0, kv.Length(0));
        kv.Release(0);
        kv.Share(1, 0, 0, kv.Length(1));
        kv.Release(1);
    }
}
