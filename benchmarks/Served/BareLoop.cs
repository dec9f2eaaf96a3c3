using System.Diagnostics;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;

namespace Penstock.Benchmarks.Served;

/// <summary>The least that can drive a runner: one batch, greedy choice, no scheduler, no sampling options, no text, no readers.</summary>
internal sealed class BareLoop(CpuModelRunner runner, Workload workload)
{
    private readonly StepBatch batch = new();
    private readonly AbortSignal abort = new();

    /// <summary>Tokens a second of a prompt, in chunks as large as the engine's step budget.</summary>
    public double Prefill()
    {
        var start = Stopwatch.GetTimestamp();
        Prompt(0, workload.LongPrompt);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        runner.Kv.Release(0);
        return workload.LongPrompt / seconds;
    }

    /// <summary>Tokens a second of <paramref name="streams"/> sequences together, once all of them decode.</summary>
    public double Decode(int streams)
    {
        var next = new int[streams];
        for (var stream = 0; stream < streams; stream++)
            next[stream] = Prompt(stream, workload.ShortPrompt);

        var steps = workload.DecodeTokens;
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
        {
            batch.Clear();
            for (var stream = 0; stream < streams; stream++)
            {
                if (!runner.Kv.TryReserve(stream, workload.ShortPrompt + step + 1))
                    throw new InvalidOperationException("Too little KV memory for the benchmark.");
                batch.Add(stream, workload.ShortPrompt + step, next.AsSpan(stream, 1), SliceOutput.LastRow);
            }

            Run();
            for (var stream = 0; stream < streams; stream++)
                next[stream] = Best(runner.Logits(stream));
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        for (var stream = 0; stream < streams; stream++)
            runner.Kv.Release(stream);
        return streams * steps / seconds;
    }

    /// <summary>
    /// Output tokens a second of a closed loop: each client's next prompt is computed, as far as it fits into a step, in the step after its last answer,
    /// beside the others' decodes.
    /// </summary>
    public double ClosedLoop(int clients)
    {
        var slots = Enumerable.Range(0, clients).Select(client => new Slot(client, workload)).ToArray();
        var tokens = 0;
        var start = Stopwatch.GetTimestamp();
        for (var elapsed = TimeSpan.Zero; elapsed < workload.WarmUp + workload.Measured; elapsed = Stopwatch.GetElapsedTime(start))
        {
            batch.Clear();
            var rows = workload.Chunk;
            foreach (var slot in slots)
                rows -= slot.AddTo(batch, runner.Kv, rows);
            Run();
            var output = 0;
            foreach (var slot in slots.Where(slot => slot.Sampled))
                slot.Take(Best(runner.Logits(output++)), runner.Kv);
            tokens += Stopwatch.GetElapsedTime(start) >= workload.WarmUp ? output : 0;
        }

        foreach (var slot in slots)
            slot.Leave(runner.Kv);
        return tokens / (Stopwatch.GetElapsedTime(start) - workload.WarmUp).TotalSeconds;
    }

    private int Prompt(int sequence, int length)
    {
        var tokens = workload.Prompt(length);
        if (!runner.Kv.TryReserve(sequence, length))
            throw new InvalidOperationException("Too little KV memory for the benchmark.");
        for (var start = 0; start < length; start += workload.Chunk)
        {
            var count = Math.Min(workload.Chunk, length - start);
            batch.Clear();
            batch.Add(sequence, start, tokens.AsSpan(start, count), start + count == length ? SliceOutput.LastRow : SliceOutput.None);
            Run();
        }

        return Best(runner.Logits(0));
    }

    private void Run()
    {
        if (runner.Run(batch, abort) != StepOutcome.Completed)
            throw new InvalidOperationException("A step did not complete.");
    }

    private static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }

        return best;
    }
}
