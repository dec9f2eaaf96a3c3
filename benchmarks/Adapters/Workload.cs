using System.Diagnostics;
using Penstock.Engine.Running;

namespace Penstock.Benchmarks.Adapters;

/// <summary>One kind of step, timed in rounds.</summary>
/// <param name="runner">Computes.</param>
/// <param name="name">For the table.</param>
/// <param name="sequences">Slices.</param>
/// <param name="rows">Rows of each.</param>
/// <param name="adapters">Of the slices, in turn; empty = none.</param>
internal sealed class Workload(IModelRunner runner, string name, int sequences, int rows, int[] adapters)
{
    private const int History = 16;
    private const int MostSteps = 8;

    private readonly StepBatch batch = new();
    private readonly AbortSignal abort = new();
    private readonly List<(double Wall, double Processor)> times = [];
    private readonly int[] tokens = [.. Enumerable.Range(0, Math.Max(History, rows)).Select(i => i * 7 % runner.Capabilities.VocabularySize)];

    public string Name => name;

    public bool HasAdapters => adapters.Length > 0;

    public bool IsPrompt => rows > 1;

    /// <summary>Milliseconds of a step, median.</summary>
    public double Wall => Median(time => time.Wall);

    /// <summary>Milliseconds of processor time of a step, all threads together, median.</summary>
    public double Processor => Median(time => time.Processor);

    /// <summary>How much more it takes than another: medians of the rounds' ratios.</summary>
    public (double Wall, double Processor) Over(Workload other)
    {
        var pairs = times.Zip(other.times).ToList();
        return (Middle(pairs.Select(pair => pair.First.Wall / pair.Second.Wall)), Middle(pairs.Select(pair => pair.First.Processor / pair.Second.Processor)));
    }

    public void Run(bool count)
    {
        Step(History);
        var steps = rows == 1 ? MostSteps : 1;
        var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        for (var i = 0; i < steps; i++)
            Step(rows);
        if (count)
            times.Add((Stopwatch.GetElapsedTime(started).TotalMilliseconds / steps, (Environment.CpuUsage.TotalTime - used).TotalMilliseconds / steps));
        for (var sequence = 0; sequence < sequences; sequence++)
            runner.Kv.Release(sequence);
    }

    private void Step(int length)
    {
        batch.Clear();
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            var stored = runner.Kv.Length(sequence);
            if (!runner.Kv.TryReserve(sequence, stored + length))
                throw new InvalidOperationException("The benchmark's KV memory is too small.");
            var adapter = HasAdapters ? new AdapterUse(adapters[sequence % adapters.Length], 1) : default;
            batch.Add(sequence, stored, tokens.AsSpan(0, length), SliceOutput.LastRow, adapter);
        }

        if (runner.Run(batch, abort) is var outcome and not StepOutcome.Completed)
            throw new InvalidOperationException($"A step ended as {outcome}.");
    }

    private double Median(Func<(double Wall, double Processor), double> of) => Middle(times.Select(of));

    private static double Middle(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
