using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Gates the feed-forward layer's hidden rows in place and quantizes them.</summary>
internal sealed unsafe class SwiGluPhase(ActivationBuffer gate, float* up) : RowPhase
{
    private bool quantize;

    public void Run(ThreadTeam team, int rows, bool quantized)
    {
        quantize = quantized;
        Run(team, rows);
    }

    protected override void Compute(int row)
    {
        RowKernels.SwiGlu(gate.Rows.Values(row), up + ((long)row * gate.Rows.Stride), gate.Rows.Columns);
        if (quantize)
            gate.Quantize(row);
    }
}
