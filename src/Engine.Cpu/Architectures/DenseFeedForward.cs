using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The feed-forward half of layers with <see cref="DenseWeights"/>.</summary>
internal sealed unsafe class DenseFeedForward : IFeedForward
{
    private readonly DecoderWeights weights;
    private readonly Products products;
    private readonly ActivationBuffer normed;
    private readonly ActivationBuffer hidden;
    private readonly NativeBuffer up;
    private readonly GatePhase gate;
    private readonly float* result;
    private readonly int resultStride;

    /// <param name="weights">The model.</param>
    /// <param name="products">Multiplies.</param>
    /// <param name="normed">Input rows.</param>
    /// <param name="result">Output rows.</param>
    /// <param name="resultStride">Floats from one output row to the next.</param>
    /// <param name="maxRows">Most rows of a step.</param>
    /// <param name="columns">Width of the hidden rows.</param>
    public DenseFeedForward(DecoderWeights weights, Products products, ActivationBuffer normed, float* result, int resultStride, int maxRows, int columns)
    {
        (this.weights, this.products, this.normed) = (weights, products, normed);
        this.result = result;
        this.resultStride = resultStride;
        hidden = new ActivationBuffer(maxRows, columns);
        up = new NativeBuffer((long)maxRows * hidden.Rows.Stride * sizeof(float));
        gate = new GatePhase(hidden, up.Floats, weights.Blueprint.Activation);
    }

    public long BytesRead { get; private set; }

    public void Run(ThreadTeam team, int layer, int rows)
    {
        BytesRead += weights.Layers[layer].FeedForward.BytesPerStep;
        var stride = hidden.Rows.Stride;
        products.Begin(layer, normed.Rows, rows).Add(WeightName.Gate, hidden.Rows.Values(0), stride).Add(WeightName.Up, up.Floats, stride).Run(team);
        gate.Run(team, rows, weights.Layers[layer][WeightName.Down].QuantizedInput);
        products.Begin(layer, hidden.Rows, rows).Add(WeightName.Down, result, resultStride).Run(team);
    }

    public void Dispose()
    {
        hidden.Dispose();
        up.Dispose();
    }
}
