using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Looks up the embedding of each row's token and scales it.</summary>
internal sealed unsafe class EmbedPhase(PackedMatrix embedding, float scale, StepRows step, float* x, int stride) : RowPhase
{
    public void Run(ThreadTeam team) => Run(team, step.Count);

    protected override void Compute(int row)
    {
        var target = x + ((long)row * stride);
        embedding.ReadRow(step.Token(row), target);
        if (scale != 1)
            RowKernels.Scale(target, scale, embedding.Columns);
    }
}
