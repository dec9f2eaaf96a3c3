using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>Penstock's runner without its engine.</summary>
internal sealed class PenstockContender : IContender
{
    private readonly CpuModelRunner runner;
    private readonly StepBatch batch = new();
    private readonly AbortSignal abort = new();

    public PenstockContender(string path, Workloads workloads, int threads)
    {
        using var file = GgufFile.Open(path);
        runner = CpuModelRunner.Load(file, new CpuRunnerOptions
        {
            Threads = threads,
            KvTokens = workloads.ContextLength * workloads.Sequences,
            MaxRows = Math.Max(workloads.Chunk, workloads.Sequences),
            MaxSequences = workloads.Sequences,
        });
    }

    public string Name => "penstock";

    public void Prefill(int sequence, ReadOnlySpan<int> tokens, int chunk)
    {
        for (var start = 0; start < tokens.Length; start += chunk)
        {
            var length = Math.Min(chunk, tokens.Length - start);
            batch.Clear();
            Add(sequence, start, tokens.Slice(start, length), start + length == tokens.Length ? SliceOutput.LastRow : SliceOutput.None);
            Run();
        }
    }

    public void Decode(int sequences, int length, int token)
    {
        batch.Clear();
        for (var sequence = 0; sequence < sequences; sequence++)
            Add(sequence, length, [token], SliceOutput.LastRow);
        Run();
    }

    public void Truncate(int sequence, int length) => runner.Kv.Truncate(sequence, length);

    public void Dispose() => runner.Dispose();

    private void Add(int sequence, int position, ReadOnlySpan<int> tokens, SliceOutput output)
    {
        if (!runner.Kv.TryReserve(sequence, position + tokens.Length))
            throw new InvalidOperationException("The KV memory is too small for this workload.");
        batch.Add(sequence, position, tokens, output);
    }

    private void Run()
    {
        if (runner.Run(batch, abort) is var outcome and not StepOutcome.Completed)
            throw new InvalidOperationException($"The step ended as {outcome}.");
    }
}
