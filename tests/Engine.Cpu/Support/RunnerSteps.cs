using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>Short forms for driving a runner.</summary>
internal static class RunnerSteps
{
    /// <summary>Runs one slice after the sequence's end and gives the logits of its last row.</summary>
    public static float[] Extend(this IModelRunner runner, int sequence, params ReadOnlySpan<int> tokens) => runner.ExtendWith(default, sequence, tokens);

    /// <summary>The same with an adapter.</summary>
    public static float[] ExtendWith(this IModelRunner runner, AdapterUse adapter, int sequence, params ReadOnlySpan<int> tokens)
    {
        var position = runner.Kv.Length(sequence);
        Assert.True(runner.Kv.TryReserve(sequence, position + tokens.Length));
        var batch = new StepBatch();
        batch.Add(sequence, position, tokens, SliceOutput.LastRow, adapter);
        Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
        return runner.Logits(0).ToArray();
    }

    /// <summary>Prefills in chunks of <paramref name="chunk"/>.</summary>
    public static float[] Prefill(this IModelRunner runner, int sequence, int[] tokens, int chunk)
    {
        float[] logits = [];
        for (var i = 0; i < tokens.Length; i += chunk)
            logits = runner.Extend(sequence, tokens.AsSpan(i, Math.Min(chunk, tokens.Length - i)));
        return logits;
    }

    public static int[] Tokens(int count, int seed, int vocabulary = 512)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
    }

    /// <summary>Bit for bit: +0 and -0 differ, NaN equals itself.</summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"{what}: logit {i} is {actual[i]:R} and not {expected[i]:R}");
        }
    }
}
