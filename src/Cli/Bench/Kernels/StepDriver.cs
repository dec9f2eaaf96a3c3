using System.Diagnostics;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;

namespace Penstock.Cli.Bench.Kernels;

/// <summary>Bare steps of a runner that nobody else uses.</summary>
internal sealed class StepDriver(CpuModelRunner runner)
{
    /// <summary>Tokens that a sequence has before its decoding is timed.</summary>
    public const int History = 64;

    /// <summary>Tokens of the prompts.</summary>
    public const int PromptTokens = 512;

    private readonly StepBatch batch = new();
    private readonly AbortSignal abort = new();
    private readonly int[] tokens = [.. Enumerable.Range(0, PromptTokens).Select(i => i * 7 % runner.Capabilities.VocabularySize)];

    /// <summary>Sequences 0 to <paramref name="size"/> - 1 with a history, all others empty.</summary>
    public void Fill(int size)
    {
        for (var sequence = 0; sequence < runner.Capabilities.MaxSequences; sequence++)
            runner.Kv.Release(sequence);
        for (var sequence = 0; sequence < size; sequence++)
            Run((sequence, 1, History, SliceOutput.None));
    }

    /// <summary>Puts them back to their history.</summary>
    public void Truncate(int size)
    {
        for (var sequence = 0; sequence < size; sequence++)
            runner.Kv.Truncate(sequence, History);
    }

    /// <summary>One step; each part is some sequences with some rows each.</summary>
    public void Run(params ReadOnlySpan<(int First, int Sequences, int Rows, SliceOutput Output)> parts)
    {
        batch.Clear();
        foreach (var (first, sequences, rows, output) in parts)
        {
            for (var sequence = first; sequence < first + sequences; sequence++)
            {
                var length = runner.Kv.Length(sequence);
                if (!runner.Kv.TryReserve(sequence, length + rows))
                    throw new InvalidOperationException("The benchmark's KV memory is too small.");
                batch.Add(sequence, length, tokens.AsSpan(0, rows), output);
            }
        }

        if (runner.Run(batch, abort) is var outcome and not StepOutcome.Completed)
            throw new InvalidOperationException($"A step ended as {outcome}.");
    }

    /// <summary>Seconds of one run.</summary>
    public static double Once(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Seconds of each run, after one that is not timed.</summary>
    /// <param name="count">Timed runs.</param>
    /// <param name="work">What is timed.</param>
    /// <param name="prepare">What comes before each and is not.</param>
    public static double[] Seconds(int count, Action work, Action? prepare = null)
    {
        var seconds = new double[count];
        for (var i = -1; i < count; i++)
        {
            prepare?.Invoke();
            var taken = Once(work);
            if (i >= 0)
                seconds[i] = taken;
        }

        return seconds;
    }
}
