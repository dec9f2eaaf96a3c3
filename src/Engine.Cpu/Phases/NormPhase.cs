using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Adds the last half layer's result to the residual stream, norms the stream and quantizes the norm for the next half.</summary>
internal sealed unsafe class NormPhase(float* residual, float* delta, int stride, ActivationBuffer output, float epsilon) : RowPhase
{
    private float* weight;
    private ResidualUpdate? update;
    private bool quantize;
    private StepRows? permutation;

    /// <param name="team">Threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="norm">Weights of the norm.</param>
    /// <param name="added">How the last result is added; null: there is none.</param>
    /// <param name="quantized">Whether a quantized form is needed.</param>
    /// <param name="slots">For the output norm: puts row <c>i</c> (the i-th output) where its slot is.</param>
    public void Run(ThreadTeam team, int rows, WeightVector norm, ResidualUpdate? added, bool quantized, StepRows? slots = null)
    {
        weight = norm.Values;
        (update, quantize, permutation) = (added, quantized, slots);
        Run(team, rows);
    }

    protected override void Compute(int row)
    {
        var x = residual + ((long)row * stride);
        var columns = output.Rows.Columns;
        if (update is not null)
            Add(update, x, delta + ((long)row * stride), columns);

        var target = permutation is null ? row : permutation.Slot(row);
        RowKernels.RmsNorm(x, weight, output.Rows.Values(target), columns, epsilon);
        if (quantize)
            output.Quantize(target);
    }

    private void Add(ResidualUpdate update, float* x, float* result, int columns)
    {
        if (update.Bias is { } bias)
            RowKernels.Add(result, bias.Values, columns);
        if (update.Norm is { } norm)
            RowKernels.RmsNorm(result, norm.Values, result, columns, epsilon);
        if (update.Scale != 1)
            RowKernels.Scale(result, update.Scale, columns);
        RowKernels.Add(x, result, columns);
    }
}
