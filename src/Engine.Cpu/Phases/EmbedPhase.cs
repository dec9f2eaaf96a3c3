using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Looks up the embedding of each row's token.</summary>
internal sealed unsafe class EmbedPhase(PackedMatrix embedding, StepRows step, float* x, int stride) : RowPhase
{
    public void Run(ThreadTeam team) => Run(team, step.Count);

    protected override void Compute(int row) => embedding.ReadRow(step.Token(row), x + ((long)row * stride));
}
