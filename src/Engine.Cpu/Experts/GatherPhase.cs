using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Experts;

/// <summary>Copies each row to its places, in the forms that the experts read.</summary>
internal sealed unsafe class GatherPhase(ExpertPlan plan, ActivationRows target) : RowPhase
{
    private ActivationRows source;
    private bool values;
    private bool quants;

    public void Run(ThreadTeam team, in ActivationRows rows, ExpertWeights layer)
    {
        source = rows;
        values = !layer.Gate[0].QuantizedInput || !layer.Up[0].QuantizedInput;
        quants = layer.Gate[0].QuantizedInput || layer.Up[0].QuantizedInput;
        Run(team, plan.Places);
    }

    protected override void Compute(int place)
    {
        var row = plan.Row(place);
        if (values)
            Copy(source.Values(row), target.Values(place), target.Stride * sizeof(float));
        if (!quants)
            return;
        Copy(source.Blocks(row), target.Blocks(place), target.Stride / Q8Block.Size * sizeof(Q8Block));
    }

    private static void Copy(void* from, void* to, int bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);
}
