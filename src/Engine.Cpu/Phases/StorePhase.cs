using Penstock.Engine.Cpu.Architectures;
using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Rotates each row's queries and keys to its position and stores keys and values in its sequence's block.</summary>
internal sealed unsafe class StorePhase(StepRows step, CpuKvStore store, RopeTable rope, float* queries, int queryHeads, float* keys, float* values) : RowPhase
{
    private readonly int headWidth = store.Layout.HeadWidth;
    private readonly int queryStride = Strides.For(queryHeads * store.Layout.HeadWidth);
    private readonly int keyStride = Strides.For(store.Layout.Heads * store.Layout.HeadWidth);
    private LlamaLayer weights = null!;
    private int layer;

    public void Run(ThreadTeam team, int index, LlamaLayer layerWeights)
    {
        (layer, weights) = (index, layerWeights);
        Run(team, step.Count);
    }

    protected override void Compute(int row)
    {
        var position = step.Position(row);
        var q = queries + ((long)row * queryStride);
        var k = keys + ((long)row * keyStride);
        var v = values + ((long)row * keyStride);
        AddBias(q, weights.QueryBias, queryHeads);
        AddBias(k, weights.KeyBias, store.Layout.Heads);
        AddBias(v, weights.ValueBias, store.Layout.Heads);
        for (var head = 0; head < queryHeads; head++)
            rope.Rotate(q + (head * headWidth), position);

        var block = store.Block(store.Table(step.Sequence(row))[position / KvLayout.BlockTokens]);
        var slot = position % KvLayout.BlockTokens;
        for (var head = 0; head < store.Layout.Heads; head++)
        {
            rope.Rotate(k + (head * headWidth), position);
            Store(k + (head * headWidth), block + store.Layout.Keys(layer, head) + slot, KvLayout.BlockTokens);
            Store(v + (head * headWidth), block + store.Layout.Values(layer, head) + (slot * store.Layout.PaddedWidth), 1);
        }
    }

    private void Store(float* source, float* target, int step)
    {
        for (var i = 0; i < headWidth; i++)
            target[i * step] = source[i];
    }

    private void AddBias(float* row, WeightVector? bias, int heads)
    {
        if (bias is not null)
            RowKernels.Add(row, bias.Values, heads * headWidth);
    }
}
