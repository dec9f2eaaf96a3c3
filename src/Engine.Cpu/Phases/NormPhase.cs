using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Adds the last sublayer's result to the residual stream, norms it and quantizes the norm for the next sublayer.</summary>
internal sealed unsafe class NormPhase(float* residual, float* delta, int stride, ActivationBuffer output, float epsilon) : RowPhase
{
    private float* weight;
    private float* bias;
    private bool add;
    private bool quantize;
    private StepRows? permutation;

    /// <param name="team">Threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="norm">Weights of the norm.</param>
    /// <param name="addDelta">Whether there is a result to add.</param>
    /// <param name="deltaBias">Added with it, or null.</param>
    /// <param name="quantized">Whether a quantized form is needed.</param>
    /// <param name="slots">For the output norm: puts row <c>i</c> (the i-th output) where its slot is.</param>
    public void Run(ThreadTeam team, int rows, WeightVector norm, bool addDelta, WeightVector? deltaBias, bool quantized, StepRows? slots = null)
    {
        weight = norm.Values;
        bias = deltaBias is null ? null : deltaBias.Values;
        (add, quantize, permutation) = (addDelta, quantized, slots);
        Run(team, rows);
    }

    protected override void Compute(int row)
    {
        var x = residual + ((long)row * stride);
        var columns = output.Rows.Columns;
        if (add)
            RowKernels.Add(x, delta + ((long)row * stride), columns);
        if (bias is not null)
            RowKernels.Add(x, bias, columns);

        var target = permutation is null ? row : permutation.Slot(row);
        RowKernels.RmsNorm(x, weight, output.Rows.Values(target), columns, epsilon);
        if (quantize)
            output.Quantize(target);
    }
}
