using Penstock.Engine.Running;

namespace Penstock.Tests.Engine.Conformance;

/// <summary>Short ways to drive a runner.</summary>
internal static class RunnerDriver
{
    /// <summary>Token ids that depend on the seed only.</summary>
    public static int[] Tokens(this IModelRunner runner, int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(runner.Capabilities.VocabularySize))];
    }

    /// <summary>Reserves and computes slices as one step, which must complete.</summary>
    public static void Step(this IModelRunner runner, params (int Sequence, int[] Tokens, SliceOutput Output)[] slices)
    {
        var batch = Reserve(runner, slices);
        Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
    }

    /// <summary>The same, each slice with its adapter.</summary>
    public static void Step(this IModelRunner runner, params (int Sequence, int[] Tokens, SliceOutput Output, AdapterUse Adapter)[] slices) =>
        Assert.Equal(StepOutcome.Completed, runner.Run(Reserve(runner, slices), new AbortSignal()));

    public static StepBatch Reserve(this IModelRunner runner, params (int Sequence, int[] Tokens, SliceOutput Output)[] slices) =>
        Reserve(runner, Array.ConvertAll(slices, slice => (slice.Sequence, slice.Tokens, slice.Output, default(AdapterUse))));

    private static StepBatch Reserve(IModelRunner runner, (int Sequence, int[] Tokens, SliceOutput Output, AdapterUse Adapter)[] slices)
    {
        var batch = new StepBatch();
        foreach (var (sequence, tokens, output, adapter) in slices)
        {
            var length = runner.Kv.Length(sequence);
            Assert.True(runner.Kv.TryReserve(sequence, length + tokens.Length));
            batch.Add(sequence, length, tokens, output, adapter);
        }

        return batch;
    }

    /// <summary>Computes a prompt in chunks and returns the logits after its last token.</summary>
    public static float[] Prefill(this IModelRunner runner, int sequence, int[] tokens, int chunk = int.MaxValue)
    {
        for (var start = 0; start < tokens.Length; start += Math.Min(chunk, tokens.Length))
        {
            var end = (int)Math.Min(tokens.Length, (long)start + chunk);
            runner.Step((sequence, tokens[start..end], end == tokens.Length ? SliceOutput.LastRow : SliceOutput.None));
        }

        return runner.Logits(0).ToArray();
    }

    /// <summary>Computes one token of a sequence and returns the logits after it.</summary>
    public static float[] Decode(this IModelRunner runner, int sequence, int token)
    {
        runner.Step((sequence, [token], SliceOutput.LastRow));
        return runner.Logits(0).ToArray();
    }

    /// <summary>The logits after these tokens as computed by themselves, in a sequence that is let go again.</summary>
    public static float[] Alone(this IModelRunner runner, int[] tokens, int sequence = 7)
    {
        var logits = runner.Prefill(sequence, tokens);
        runner.Kv.Release(sequence);
        return logits;
    }

    /// <summary>The same with an adapter.</summary>
    public static float[] Alone(this IModelRunner runner, int[] tokens, AdapterUse adapter, int sequence = 7)
    {
        runner.Step((sequence, tokens, SliceOutput.LastRow, adapter));
        var logits = runner.Logits(0).ToArray();
        runner.Kv.Release(sequence);
        return logits;
    }
}
