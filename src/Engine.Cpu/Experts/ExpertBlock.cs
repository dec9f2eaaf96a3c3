using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Experts;

/// <summary>
/// A feed-forward layer of experts as phases: route, gather rows by expert, gate and up, SwiGLU, down, sum. A row's result depends on that row alone,
/// whoever else is in the step. Owns its buffers and serves all layers of a model; allocates only when made.
/// </summary>
internal sealed unsafe class ExpertBlock : IDisposable
{
    private readonly ThreadTeam team;
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

    /// <param name="team">Threads.</param>
    /// <param name="shape">Any layer; all have its shape.</param>
    /// <param name="maxRows">Most rows of a step.</param>
    /// <param name="output">Result rows, as wide as the input and padded to <see cref="Strides"/>.</param>
    public ExpertBlock(ThreadTeam team, ExpertWeights shape, int maxRows, float* output)
    {
        this.team = team;
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

    /// <summary>Bytes of experts' weights read since the block was made.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Computes the layer.</summary>
    /// <param name="layer">Its weights.</param>
    /// <param name="input">Normed rows; quantized too where <see cref="ExpertWeights.QuantizedInput"/> says so.</param>
    /// <param name="rows">Rows, from 0.</param>
    public void Run(ExpertWeights layer, in ActivationRows input, int rows)
    {
        multiply.Begin(input, rows).Add(layer.Router, logits.Floats, logitsStride).Run(team);
        route.Run(team, rows, layer);
        gather.Run(team, input, layer);
        widen.Run(team, layer.Gate, hidden.Rows.Values(0), layer.Up, upValues.Floats);
        gate.Run(team, plan.Places, layer.Down[0].QuantizedInput);
        narrow.Run(team, layer.Down, results.Floats);
        sum.Run(team, rows);
        BytesRead += plan.BusyCount * layer.BytesOfOne;
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
