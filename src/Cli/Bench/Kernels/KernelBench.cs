using System.Diagnostics;
using Penstock.Engine.Cpu.Measuring;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;

namespace Penstock.Cli.Bench.Kernels;

/// <summary>Times steps of a runner that nobody else uses. Each figure is the best of a few rounds on the clock, like the yardsticks of the fractions.</summary>
internal sealed class KernelBench(CpuModelRunner runner)
{
    // A step takes about as long as a reading of MachineSpeed: both get the same chance of being left alone.
    private const int Steps = 40;
    private const int Prompts = 4;
    private const int History = 64;
    private const int PromptTokens = 512;
    private static readonly int[] Batches = [1, 2, 4, 8, 16];
    private static readonly int[] Chunks = [8, 32, 128, 512];

    private readonly StepBatch batch = new();
    private readonly AbortSignal abort = new();
    private readonly int[] tokens = [.. Enumerable.Range(0, PromptTokens).Select(i => i * 7 % runner.Capabilities.VocabularySize)];

    /// <summary>KV that the benchmark needs.</summary>
    public static int KvTokens => 16 * 1_024;

    public KernelReport Run(IProgress<double> progress)
    {
        var done = 0;
        var bandwidth = MachineSpeed.ReadBandwidth(runner.Threads);
        var peak = MachineSpeed.MultiplyAdds(runner.Path, runner.Threads);
        var decode = Batches.Select(size => Report(Decode(size, bandwidth))).ToList();
        var prefill = Chunks.Select(chunk => Report(Prefill(chunk, peak))).ToList();
        return new KernelReport(runner.Capabilities.Name, runner.Threads, bandwidth / 1e9, decode, prefill);

        T Report<T>(T result)
        {
            progress.Report(++done / (double)(Batches.Length + Chunks.Length));
            return result;
        }
    }

    private KernelReport.DecodeSpeed Decode(int size, double bandwidth)
    {
        Clear();
        for (var sequence = 0; sequence < size; sequence++)
            Step(sequence, 1, History, SliceOutput.None);
        var seconds = BestSeconds(Steps, () => Step(0, size, 1, SliceOutput.LastRow));
        return new(size, size / seconds, runner.WeightBytes / seconds / bandwidth);
    }

    private KernelReport.PrefillSpeed Prefill(int chunk, double peak)
    {
        var seconds = BestSeconds(Prompts, () =>
        {
            Clear();
            for (var token = 0; token < PromptTokens; token += chunk)
                Step(0, 1, chunk, token + chunk >= PromptTokens ? SliceOutput.LastRow : SliceOutput.None);
        });
        return new(chunk, PromptTokens / seconds, PromptTokens / seconds * runner.MultiplyAddsPerRow / peak);
    }

    private static double BestSeconds(int rounds, Action work)
    {
        var best = double.MaxValue;
        for (var round = 0; round <= rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }

    private void Step(int first, int sequences, int rows, SliceOutput output)
    {
        batch.Clear();
        for (var sequence = first; sequence < first + sequences; sequence++)
        {
            var length = runner.Kv.Length(sequence);
            if (!runner.Kv.TryReserve(sequence, length + rows))
                throw new InvalidOperationException("The benchmark's KV memory is too small.");
            batch.Add(sequence, length, tokens.AsSpan(0, rows), output);
        }

        if (runner.Run(batch, abort) is var outcome and not StepOutcome.Completed)
            throw new InvalidOperationException($"A step ended as {outcome}.");
    }

    private void Clear()
    {
        for (var sequence = 0; sequence < runner.Capabilities.MaxSequences; sequence++)
            runner.Kv.Release(sequence);
    }
}
