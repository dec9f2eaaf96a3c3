using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Experts;

/// <summary>Chooses each row's experts from its router logits.</summary>
internal sealed unsafe class RouterPhase(ExpertPlan plan, float* logits, int stride) : RowPhase
{
    private ExpertWeights weights = null!;

    public void Run(ThreadTeam team, int rows, ExpertWeights layer)
    {
        weights = layer;
        Run(team, rows);
        plan.Group(rows);
    }

    protected override void Compute(int row) =>
        ExpertChoice.Choose(logits + ((long)row * stride), weights.Count, weights.Used, weights.Normalized, plan.Experts(row), plan.Weights(row));
}
