using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Random;
using Penstock.Tests.Engine.Conformance;

namespace Penstock.Engine.Cpu.Tests.Running;

public class ConformanceTests : ModelRunnerConformance
{
    protected override IModelRunner Create(RunnerSize size)
    {
        using var model = new TinyModel(new RandomModelOptions { Type = TensorType.Q8_0, Seed = (ulong)size.Model });
        return CpuModelRunner.Load(model.File, new CpuRunnerOptions
        {
            Threads = 2,
            KvTokens = size.Blocks * 16,
            ContextLength = 1024,
            MaxRows = size.Rows,
            MaxSequences = size.Sequences,
        });
    }
}
