using System.Diagnostics;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>A workload on a contender: its sequences are filled once and cut after each measurement.</summary>
internal sealed class Measurement : IDisposable
{
    private readonly IContender contender;
    private readonly Workload workload;
    private readonly Slice[][] steps;

    public Measurement(IContender contender, Workload workload)
    {
        (this.contender, this.workload) = (contender, workload);
        steps = [.. Enumerable.Range(0, workload.Steps).Select(Step)];
        for (var sequence = 0; sequence < workload.Decodes; sequence++)
            contender.Step([new Slice(sequence, 0, Tokens(0, workload.From), Output: false)]);
    }

    /// <summary>Runs the steps once.</summary>
    public Sample Take()
    {
        Settle();
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        foreach (var step in steps)
            contender.Step(step);
        var sample = new Sample(workload.Tokens, Environment.CpuUsage.TotalTime - processor, Stopwatch.GetElapsedTime(start));
        Cut();
        return sample;
    }

    /// <summary>Runs the steps once and tells how long each took by the clock.</summary>
    public IEnumerable<TimeSpan> TakeSteps()
    {
        var times = new List<TimeSpan>();
        foreach (var step in steps)
        {
            var start = Stopwatch.GetTimestamp();
            contender.Step(step);
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        Cut();
        return times;
    }

    /// <summary>Leaves the sequences empty. The contender is not disposed of.</summary>
    public void Dispose()
    {
        for (var sequence = 0; sequence < workload.Sequences; sequence++)
            contender.Truncate(sequence, 0);
    }

    private Slice[] Step(int step)
    {
        var decodes = Enumerable.Range(0, workload.Decodes).Select(sequence => new Slice(sequence, workload.From + step, Tokens(step + sequence, 1), Output: true));
        return workload.Chunk == 0
            ? [.. decodes]
            : [.. decodes, new Slice(workload.Decodes, step * workload.Chunk, Tokens(step * workload.Chunk, workload.Chunk), Output: step == workload.Steps - 1)];
    }

    private void Cut()
    {
        for (var sequence = 0; sequence < workload.Sequences; sequence++)
            contender.Truncate(sequence, sequence < workload.Decodes ? workload.From : 0);
    }

    /// <summary>Waits until no thread of this process computes: llama.cpp's spin for some hundred milliseconds after their last work.</summary>
    private static void Settle()
    {
        TimeSpan before;
        do
        {
            before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(20);
        }
        while (Environment.CpuUsage.TotalTime - before > TimeSpan.FromMilliseconds(4));
    }

    private static int[] Tokens(int from, int count) => [.. Enumerable.Range(from, count).Select(i => 20 + (i * 7919 % 450))];
}
