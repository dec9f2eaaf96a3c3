using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Gates the feed-forward layer's hidden rows in place and quantizes them.</summary>
internal sealed unsafe class GatePhase(ActivationBuffer gate, float* up, GateActivation activation) : RowPhase
{
    private bool quantize;

    public void Run(ThreadTeam team, int rows, bool quantized)
    {
        quantize = quantized;
        Run(team, rows);
    }

    protected override void Compute(int row)
    {
        var gates = gate.Rows.Values(row);
        var factors = up + ((long)row * gate.Rows.Stride);
        if (activation == GateActivation.Silu)
            RowKernels.SwiGlu(gates, factors, gate.Rows.Columns);
        else
            RowKernels.GeGlu(gates, factors, gate.Rows.Columns);
        if (quantize)
            gate.Quantize(row);
    }
}
