using Penstock.Engine.Running;
using Penstock.Engine.Simulation;
using Penstock.Tests.Engine.Conformance;

namespace Penstock.Engine.Tests.Simulation;

public sealed class SimulatedRunnerConformanceTests : ModelRunnerConformance
{
    protected override IModelRunner Create(RunnerSize size) => new SimulatedRunner(new SimulatedRunnerOptions
    {
        TotalBlocks = size.Blocks,
        MaxSequences = size.Sequences,
        MaxRows = size.Rows,
        Model = (ulong)size.Model,
    });
}
