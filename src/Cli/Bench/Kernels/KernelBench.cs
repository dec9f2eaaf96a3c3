using Penstock.Engine.Cpu.Measuring;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;

namespace Penstock.Cli.Bench.Kernels;

/// <summary>Times steps. Each speed is the best of a few rounds on the clock, like the yardsticks of the fractions; beside a neighbour the distribution counts.</summary>
internal sealed class KernelBench(CpuModelRunner runner)
{
    // Steps take turns with readings of memory, whose speed changes within minutes: both meet the same neighbours.
    private const int Rounds = 16;
    private const int StepsPerRound = 5;
    private const int ReadingsPerRound = 4;
    private const int Prompts = 4;
    private const int MixedDecodes = 4;
    private const int MixedChunk = 32;
    private const int NeighbourSteps = 200;
    private const int LeastDepth = 512;
    private const int DepthSteps = 20;
    private static readonly int[] Batches = [1, 2, 4, 8, 16];
    private static readonly int[] Chunks = [8, 32, 128, 512];
    private static readonly int[] NeighbourBatches = [1, 4];

    private readonly StepDriver steps = new(runner);

    /// <summary>KV that the benchmark needs.</summary>
    /// <param name="depth">The largest depth.</param>
    public static int KvTokens(int depth) => Math.Max(16 * 1_024, depth + LeastDepth);

    private double OutputMacs => (double)runner.Capabilities.VocabularySize * runner.Capabilities.EmbeddingWidth;

    /// <param name="depth">The largest depth at which to measure steps; below 512 none.</param>
    /// <param name="beside">Whether to measure beside a busy process too.</param>
    /// <param name="progress">Told the fraction that is done.</param>
    public KernelReport Run(int depth, bool beside, IProgress<double> progress)
    {
        var (done, depths) = (0, Depths(Math.Min(depth, runner.Capabilities.ContextLength - 1)));
        using var machine = new MachineSpeed(runner.Threads);
        var peak = machine.MultiplyAdds(runner.Path);
        var decode = Batches.Select(size => Report(Decode(size, machine))).ToList();
        var prefill = Chunks.Select(chunk => Report(Prefill(chunk, peak))).ToList();
        var mixed = Mixed();
        var deep = depths.Select(tokens => Report(AtDepth(tokens))).ToList();
        var neighbour = beside ? BesideNeighbour() : [];
        return new KernelReport(runner.Capabilities.Name, runner.Threads, decode.Max(entry => entry.ReadBandwidthGbS), peak / 1e9, decode, prefill, mixed, deep, neighbour);

        T Report<T>(T result)
        {
            progress.Report(++done / (double)(Batches.Length + Chunks.Length + depths.Count));
            return result;
        }
    }

    private KernelReport.DecodeSpeed Decode(int size, MachineSpeed machine)
    {
        steps.Fill(size);
        // Which experts are read depends on the tokens: the mean over the steps.
        var (count, before, seconds, bandwidth) = (0, runner.WeightBytesRead, double.MaxValue, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            // A reading has put a step's other data out of the caches: each round's first step is not timed.
            seconds = Math.Min(seconds, StepDriver.Seconds(StepsPerRound, Step, () => steps.Truncate(size)).Min());
            bandwidth = Math.Max(bandwidth, Enumerable.Range(0, ReadingsPerRound).Max(_ => machine.ReadBandwidth()));
        }

        var bytes = (double)(runner.WeightBytesRead - before) / count;
        var macs = size * (runner.MultiplyAddsPerRow + OutputMacs);
        return new(size, size / seconds, bandwidth / 1e9, bytes / seconds / bandwidth, macs / seconds / 1e9, macs / bytes);

        void Step()
        {
            steps.Run((0, size, 1, SliceOutput.LastRow));
            count++;
        }
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

    private static List<int> Depths(int most)
    {
        var depths = new List<int>();
        for (var depth = LeastDepth; depth <= most; depth *= 2)
            depths.Add(depth);
        return depths;
    }

    // Goes on where the last depth ended: the longest text is computed once.
    private KernelReport.DepthSpeed AtDepth(int depth)
    {
        if (depth == LeastDepth)
            steps.Fill(0);
        var prompt = 0.0;
        while (runner.Kv.Length(0) < depth)
            prompt = StepDriver.Once(() => steps.Run((0, 1, LeastDepth, SliceOutput.None)));
        var decode = StepDriver.Seconds(DepthSteps, () => steps.Run((0, 1, 1, SliceOutput.LastRow)), () => runner.Kv.Truncate(0, depth)).Min();
        runner.Kv.Truncate(0, depth);
        return new(depth, decode * 1e3, prompt * 1e3);
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
