using Penstock.Engine.Cpu.Architectures;
using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Adds biases, norms and rotates each row's query and key heads, and stores keys and values in its sequence's block.</summary>
internal sealed unsafe class StorePhase(StepRows step, CpuKvStore store, RopeTables ropes, float epsilon, float* queries, int queryHeads, float* keys, float* values) : RowPhase
{
    private readonly int headWidth = store.Layout.HeadWidth;
    private readonly int queryStride = Strides.For(queryHeads * store.Layout.HeadWidth);
    private readonly int keyStride = Strides.For(store.Layout.Heads * store.Layout.HeadWidth);
    private DecoderLayer weights = null!;
    private RopeTable? rope;
    private int layer;

    public void Run(ThreadTeam team, int index, DecoderLayer layerWeights)
    {
        (layer, weights, rope) = (index, layerWeights, ropes[index]);
        Run(team, step.Count);
    }

    protected override void Compute(int row)
    {
        var position = step.Position(row);
        var q = queries + ((long)row * queryStride);
        var k = keys + ((long)row * keyStride);
        var v = values + ((long)row * keyStride);
        Prepare(q, queryHeads, weights.QueryBias, weights.QueryNorm, position);
        Prepare(k, store.Layout.Heads, weights.KeyBias, weights.KeyNorm, position);
        AddBias(v, weights.ValueBias, store.Layout.Heads);

        var block = store.Block(store.Table(step.Sequence(row))[position / KvLayout.BlockTokens]);
        var slot = position % KvLayout.BlockTokens;
        for (var head = 0; head < store.Layout.Heads; head++)
        {
            store.Layout.Format.StoreKey(k + (head * headWidth), block + store.Layout.Keys(layer, head), slot);
            store.Layout.Format.StoreValue(v + (head * headWidth), block + store.Layout.Values(layer, head), slot);
        }
    }

    private void Prepare(float* row, int heads, WeightVector? bias, WeightVector? norm, int position)
    {
        AddBias(row, bias, heads);
        for (var head = row; head < row + (heads * headWidth); head += headWidth)
        {
            if (norm is not null)
                RowKernels.RmsNorm(head, norm.Values, head, headWidth, epsilon);
            rope?.Rotate(head, position);
        }
    }

    private void AddBias(float* row, WeightVector? bias, int heads)
    {
        if (bias is not null)
            RowKernels.Add(row, bias.Values, heads * headWidth);
    }
}
