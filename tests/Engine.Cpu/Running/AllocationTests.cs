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

        var (before, all) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalAllocatedBytes(precise: true));
        for (var i = 0; i < 50; i++)
            Step();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        // The test host's own threads may allocate a little; one object a step and worker would be far more than this.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - all, 0, 50 * 24);

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
