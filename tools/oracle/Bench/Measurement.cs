using System.Diagnostics;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>Runs one workload on one contender.</summary>
internal static class Measurement
{
    private const int Token = 17;

    public static Sample Run(IContender contender, string kind, int size, int chunk) =>
        kind == "decode" ? Decode(contender, size, chunk) : Prefill(contender, size, chunk);

    private static Sample Decode(IContender contender, int batch, int chunk)
    {
        for (var sequence = 0; sequence < batch; sequence++)
            contender.Prefill(sequence, Prompt(Workloads.DecodeFrom), chunk);
        Settle();
        var sample = Timed(batch * Workloads.DecodeSteps, () =>
        {
            for (var step = 0; step < Workloads.DecodeSteps; step++)
                contender.Decode(batch, Workloads.DecodeFrom + step, Token + step);
        });
        for (var sequence = 0; sequence < batch; sequence++)
            contender.Truncate(sequence, 0);
        return sample;
    }

    private static Sample Prefill(IContender contender, int tokens, int chunk)
    {
        var prompt = Prompt(tokens);
        Settle();
        var sample = Timed(tokens, () => contender.Prefill(0, prompt, chunk));
        contender.Truncate(0, 0);
        return sample;
    }

    private static Sample Timed(int tokens, Action work)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        work();
        return new Sample(tokens, Environment.CpuUsage.TotalTime - processor, Stopwatch.GetElapsedTime(start));
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

    private static int[] Prompt(int tokens) => [.. Enumerable.Range(0, tokens).Select(i => 20 + (i * 7919 % 450))];
}
