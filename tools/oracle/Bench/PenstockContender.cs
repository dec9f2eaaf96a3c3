using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>Penstock's runner without its engine: every step is one call.</summary>
internal sealed class PenstockContender : IContender
{
    private readonly CpuModelRunner runner;
    private readonly StepBatch batch = new();
    private readonly AbortSignal abort = new();

    public PenstockContender(string path, IReadOnlyCollection<Workload> workloads, int threads)
    {
        using var file = GgufFile.Open(path);
        var sequences = workloads.Max(workload => workload.Sequences);
        runner = CpuModelRunner.Load(file, new CpuRunnerOptions
        {
            Threads = threads,
            KvTokens = workloads.Max(workload => workload.Length + 16) * sequences,
            MaxRows = workloads.Max(workload => workload.Rows),
            MaxSequences = sequences,
        });
    }

    public void Step(ReadOnlySpan<Slice> slices)
    {
        batch.Clear();
        foreach (var slice in slices)
        {
            if (!runner.Kv.TryReserve(slice.Sequence, slice.Position + slice.Tokens.Length))
                throw new InvalidOperationException("The KV memory is too small for this workload.");
            batch.Add(slice.Sequence, slice.Position, slice.Tokens, slice.Output ? SliceOutput.LastRow : SliceOutput.None);
        }

        if (runner.Run(batch, abort) is var outcome and not StepOutcome.Completed)
            throw new InvalidOperationException($"The step ended as {outcome}.");
    }

    public void Truncate(int sequence, int length) => runner.Kv.Truncate(sequence, length);

    public void Dispose() => runner.Dispose();
}
