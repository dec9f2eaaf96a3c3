using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Experts;

/// <summary>Adds up each row's experts by their weights, the most likely first: <c>fma(weight, x, sum)</c>, an order that depends on the row alone.</summary>
internal sealed unsafe class ExpertSumPhase(ExpertPlan plan, float* results, float* output, int stride) : RowPhase
{
    public new void Run(ThreadTeam team, int rows) => base.Run(team, rows);

    protected override void Compute(int row)
    {
        var places = plan.PlacesOf(row);
        var weights = plan.Weights(row);
        var sum = output + ((long)row * stride);
        for (var i = 0; i < stride; i += 8)
        {
            var total = Vector256<float>.Zero;
            for (var rank = 0; rank < places.Length; rank++)
                total = Vector256.FusedMultiplyAdd(Vector256.Create(weights[rank]), Vector256.Load(results + ((long)places[rank] * stride) + i), total);
            total.Store(sum + i);
        }
    }
}
