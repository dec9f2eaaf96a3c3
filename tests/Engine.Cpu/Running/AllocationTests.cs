using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Tests.Running;

/// <summary>The per-token path allocates nothing, on no thread.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_AfterTheFirstSteps_AllocatesNothing(int threads)
    {
        using var model = TinyModel.Of(TensorType.Q8_0);
        using var runner = model.Load(threads);
        var batch = new StepBatch();
        var abort = new AbortSignal();
        var chunk = RunnerSteps.Tokens(20, seed: 1);
        Step();

        // The test host's own threads, and the runtime that makes hot code better, may allocate in any round; steps that allocate do so in all.
        var (onThisThread, onAllThreads) = (long.MaxValue, long.MaxValue);
        for (var round = 0; round < 5; round++)
        {
            var (before, all) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalAllocatedBytes(precise: true));
            for (var i = 0; i < 10; i++)
                Step();

            var (after, allAfter) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalAllocatedBytes(precise: true));
            onThisThread = Math.Min(onThisThread, after - before);
            onAllThreads = Math.Min(onAllThreads, allAfter - all);
        }

        Assert.Equal(0, onThisThread);

        // One object a step and worker would be more than this.
        Assert.InRange(onAllThreads, 0, 10 * 23);

        void Step()
        {
            batch.Clear();
            for (var sequence = 0; sequence < 4; sequence++)
            {
                var length = runner.Kv.Length(sequence);
                var count = sequence == 0 ? 20 : 1;
                runner.Kv.TryReserve(sequence, length + count);
                batch.Add(sequence, length, chunk.AsSpan(0, count), SliceOutput.LastRow);
            }

            runner.Run(batch, abort);
        }
    }
}
