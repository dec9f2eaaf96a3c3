using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Quantizes rows for the next product.</summary>
internal sealed class QuantizePhase(ActivationBuffer rows) : RowPhase
{
    public new void Run(ThreadTeam team, int count) => base.Run(team, count);

    protected override void Compute(int row) => rows.Quantize(row);
}
