using Penstock.Engine.Llama.Running;
using Penstock.Engine.Llama.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Random;
using Penstock.Tests.Engine.Conformance;

namespace Penstock.Engine.Llama.Tests.Running;

/// <summary>The whole kit to the bit, since this runner says that it is batch-invariant.</summary>
public class DeterministicConformanceTests : ModelRunnerConformance
{
    protected override IModelRunner Create(RunnerSize size)
    {
        using var model = new TinyModel(new RandomModelOptions { Seed = (ulong)size.Model });
        return LlamaModelRunner.Load(model.File, new LlamaRunnerOptions
        {
            Threads = 2,
            KvTokens = size.Blocks * 16,
            ContextLength = 1024,
            MaxRows = size.Rows,
            MaxSequences = size.Sequences,
            Deterministic = true,
        });
    }
}
