using Penstock.Engine.Cpu.Architectures;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Experts;

/// <summary>
/// The feed-forward half of layers with <see cref="ExpertWeights"/> as phases: route, gather rows by expert, gate and up, activate, down, sum.
/// A row's result depends on that row alone, whoever else is in the step. Allocates only when made.
/// </summary>
internal sealed unsafe class ExpertFeedForward : IFeedForward
{
    private readonly ExpertWeights[] layers;
    private readonly ActivationRows input;
    private readonly NativeBuffer logits;
    private readonly NativeBuffer upValues;
    private readonly NativeBuffer results;
    private readonly ActivationBuffer gathered;
    private readonly ActivationBuffer hidden;
    private readonly int logitsStride;
    private readonly ExpertPlan plan;
    private readonly MatMulPhase multiply = new();
    private readonly RouterPhase route;
    private readonly GatherPhase gather;
    private readonly ExpertMatMulPhase widen;
    private readonly ExpertMatMulPhase narrow;
    private readonly GatePhase gate;
    private readonly ExpertSumPhase sum;

    /// <param name="layers">The layers' weights, all of one shape.</param>
    /// <param name="activation">Of the gates.</param>
    /// <param name="input">Normed rows; quantized too where <see cref="ExpertWeights.QuantizedInput"/> says so.</param>
    /// <param name="output">Result rows, as wide as the input and padded to <see cref="Strides"/>.</param>
    /// <param name="maxRows">Most rows of a step.</param>
    public ExpertFeedForward(ExpertWeights[] layers, GateActivation activation, in ActivationRows input, float* output, int maxRows)
    {
        (this.layers, this.input) = (layers, input);
        var shape = layers[0];
        var (places, width, wide) = (maxRows * shape.Used, shape.Gate[0].Columns, shape.Gate[0].Rows);
        logitsStride = Strides.For(shape.Count);
        logits = Rows(maxRows, logitsStride);
        gathered = new ActivationBuffer(places, width);
        hidden = new ActivationBuffer(places, wide);
        upValues = Rows(places, hidden.Rows.Stride);
        results = Rows(places, Strides.For(width));
        plan = new ExpertPlan(maxRows, shape.Count, shape.Used);
        route = new RouterPhase(plan, logits.Floats, logitsStride);
        gather = new GatherPhase(plan, gathered.Rows);
        widen = new ExpertMatMulPhase(plan, shape.Count, gathered.Rows, hidden.Rows.Stride);
        gate = new GatePhase(hidden, upValues.Floats, GateActivation.Silu);
        narrow = new ExpertMatMulPhase(plan, shape.Count, hidden.Rows, Strides.For(width));
        sum = new ExpertSumPhase(plan, results.Floats, output, Strides.For(width));
    }

    public long BytesRead { get; private set; }

    public void Run(ThreadTeam team, int layer, int rows)
    {
        var weights = layers[layer];
        multiply.Begin(input, rows).Add(weights.Router, logits.Floats, logitsStride).Run(team);
        route.Run(team, rows, weights);
        gather.Run(team, input, weights);
        widen.Run(team, weights.Gate, hidden.Rows.Values(0), weights.Up, upValues.Floats);
        gate.Run(team, plan.Places, weights.Down[0].QuantizedInput);
        narrow.Run(team, weights.Down, results.Floats);
        sum.Run(team, rows);
        BytesRead += weights.Router.Bytes + (plan.BusyCount * weights.BytesOfOne);
    }

    public void Dispose()
    {
        logits.Dispose();
        upValues.Dispose();
        results.Dispose();
        gathered.Dispose();
        hidden.Dispose();
    }

    private static NativeBuffer Rows(int rows, int stride) => new((long)rows * stride * sizeof(float));
}
