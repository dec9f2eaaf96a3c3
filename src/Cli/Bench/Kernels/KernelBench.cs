using Penstock.Engine.Cpu.Measuring;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;

namespace Penstock.Cli.Bench.Kernels;

/// <summary>Times steps. Each speed is the best of a few rounds on the clock, like the yardsticks of the fractions; beside a neighbour the distribution counts.</summary>
internal sealed class KernelBench(CpuModelRunner runner)
{
    // A step takes about as long as a reading of MachineSpeed: both get the same chance of being left alone.
    private const int Steps = 40;
    private const int Prompts = 4;
    private const int MixedDecodes = 4;
    private const int MixedChunk = 32;
    private const int NeighbourSteps = 200;
    private static readonly int[] Batches = [1, 2, 4, 8, 16];
    private static readonly int[] Chunks = [8, 32, 128, 512];
    private static readonly int[] NeighbourBatches = [1, 4];

    private readonly StepDriver steps = new(runner);

    /// <summary>KV that the benchmark needs.</summary>
    public static int KvTokens => 16 * 1_024;

    private double OutputMacs => (double)runner.Capabilities.VocabularySize * runner.Capabilities.EmbeddingWidth;

    /// <param name="beside">Whether to measure beside a busy process too.</param>
    /// <param name="progress">Told the fraction that is done.</param>
    public KernelReport Run(bool beside, IProgress<double> progress)
    {
        var done = 0;
        var bandwidth = MachineSpeed.ReadBandwidth(runner.Threads);
        var peak = MachineSpeed.MultiplyAdds(runner.Path, runner.Threads);
        var decode = Batches.Select(size => Report(Decode(size, bandwidth))).ToList();
        var prefill = Chunks.Select(chunk => Report(Prefill(chunk, peak))).ToList();
        var mixed = Mixed();
        var neighbour = beside ? BesideNeighbour() : [];
        return new KernelReport(runner.Capabilities.Name, runner.Threads, bandwidth / 1e9, peak / 1e9, decode, prefill, mixed, neighbour);

        T Report<T>(T result)
        {
            progress.Report(++done / (double)(Batches.Length + Chunks.Length));
            return result;
        }
    }

    private KernelReport.DecodeSpeed Decode(int size, double bandwidth)
    {
        steps.Fill(size);
        // Which experts are read depends on the tokens: the mean over the steps.
        var (count, before) = (0, runner.WeightBytesRead);
        var seconds = StepDriver.Seconds(Steps, () =>
        {
            steps.Run((0, size, 1, SliceOutput.LastRow));
            count++;
        }).Min();
        var bytes = (double)(runner.WeightBytesRead - before) / count;
        var macs = size * (runner.MultiplyAddsPerRow + OutputMacs);
        return new(size, size / seconds, bytes / seconds / bandwidth, macs / seconds / 1e9, macs / bytes);
    }

    private KernelReport.PrefillSpeed Prefill(int chunk, double peak)
    {
        var seconds = StepDriver.Seconds(Prompts, Prompt, () => steps.Fill(0)).Min();
        var speed = StepDriver.PromptTokens / seconds;
        return new(chunk, speed, speed * runner.MultiplyAddsPerRow / peak, speed * runner.MultiplyAddsPerRow / 1e9, chunk * runner.MultiplyAddsPerRow / (double)runner.WeightBytes);

        void Prompt()
        {
            for (var token = 0; token < StepDriver.PromptTokens; token += chunk)
                steps.Run((0, 1, chunk, token + chunk >= StepDriver.PromptTokens ? SliceOutput.LastRow : SliceOutput.None));
        }
    }

    private KernelReport.MixedStep Mixed()
    {
        var one = StepDriver.Seconds(Prompts * Prompts, () => steps.Run((0, MixedDecodes, 1, SliceOutput.LastRow), (MixedDecodes, 1, MixedChunk, SliceOutput.None)), () => steps.Fill(MixedDecodes)).Min();
        var two = StepDriver.Seconds(Prompts * Prompts, Apart, () => steps.Fill(MixedDecodes)).Min();
        return new(MixedDecodes, MixedChunk, one * 1e3, two * 1e3);

        void Apart()
        {
            steps.Run((0, MixedDecodes, 1, SliceOutput.LastRow));
            steps.Run((MixedDecodes, 1, MixedChunk, SliceOutput.None));
        }
    }

    private List<KernelReport.NeighbourSteps> BesideNeighbour() => [.. NeighbourBatches.Select(size =>
    {
        var quiet = Sorted(size);
        using var neighbour = new BusyNeighbour();
        var busy = Sorted(size);
        var (median, p95) = (quiet[quiet.Length / 2], busy[busy.Length * 95 / 100]);
        return new KernelReport.NeighbourSteps(size, median, quiet[quiet.Length * 95 / 100], busy[busy.Length / 2], p95, p95 / median);
    })];

    private double[] Sorted(int size)
    {
        steps.Fill(size);
        return [.. StepDriver.Seconds(NeighbourSteps, () => steps.Run((0, size, 1, SliceOutput.LastRow))).Order().Select(seconds => seconds * 1e3)];
    }
}
