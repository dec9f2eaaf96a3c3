using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;
using Penstock.Engine.Running;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>One forward pass of a llama-architecture model as a sequence of phases, each shared out over the team. Owns the step's buffers; allocates only when made.</summary>
internal sealed unsafe class LlamaForward : IDisposable
{
    private readonly LlamaWeights weights;
    private readonly ThreadTeam team;
    private readonly StepRows step;
    private readonly RopeTable rope;
    private readonly List<NativeBuffer> buffers = [];
    private readonly ActivationBuffer normed;
    private readonly ActivationBuffer attended;
    private readonly ActivationBuffer hidden;
    private readonly float* residual;
    private readonly float* delta;
    private readonly float* queries;
    private readonly float* keys;
    private readonly float* values;
    private readonly float* up;
    private readonly float* logits;
    private readonly int width;
    private readonly int queryStride;
    private readonly int keyStride;
    private readonly int logitsStride;
    private readonly MatMulPhase multiply = new();
    private readonly EmbedPhase embed;
    private readonly NormPhase norm;
    private readonly StorePhase storeKeys;
    private readonly AttentionPhase attend;
    private readonly QuantizePhase quantizeAttended;
    private readonly SwiGluPhase gate;

    public LlamaForward(ModelDescription model, LlamaWeights weights, CpuKvStore store, ThreadTeam team, StepRows step, RopeTable rope, int maxRows)
    {
        (this.weights, this.team, this.step, this.rope) = (weights, team, step, rope);
        var (queryWidth, keyWidth) = (model.HeadCount * model.HeadWidth, model.KvHeadCount * model.HeadWidth);
        normed = new ActivationBuffer(maxRows, model.EmbeddingWidth);
        attended = new ActivationBuffer(maxRows, queryWidth);
        hidden = new ActivationBuffer(maxRows, model.FeedForwardWidth);
        residual = Rows(maxRows, model.EmbeddingWidth, out width);
        delta = Rows(maxRows, model.EmbeddingWidth, out _);
        queries = Rows(maxRows, queryWidth, out queryStride);
        keys = Rows(maxRows, keyWidth, out keyStride);
        values = Rows(maxRows, keyWidth, out _);
        up = Rows(maxRows, model.FeedForwardWidth, out _);
        logits = Rows(maxRows, model.VocabularySize, out logitsStride);
        embed = new EmbedPhase(weights.Embedding, step, residual, width);
        norm = new NormPhase(residual, delta, width, normed, model.NormEpsilon);
        storeKeys = new StorePhase(step, store, rope, queries, model.HeadCount, keys, values);
        attend = new AttentionPhase(store, team.Size, maxRows, queries, model.HeadCount, attended.Rows, [.. Enumerable.Repeat(new LayerAttention(), model.LayerCount)]);
        quantizeAttended = new QuantizePhase(attended);
        gate = new SwiGluPhase(hidden, up);
    }

    /// <summary>Logits in a slot of <see cref="StepRows"/>.</summary>
    public float* Logits(int slot) => logits + ((long)slot * logitsStride);

    /// <summary>Normed final hidden state in a slot of <see cref="StepRows"/>.</summary>
    public float* Hidden(int slot) => normed.Rows.Values(slot);

    /// <returns>False: the signal was seen between two layers.</returns>
    public bool Run(StepBatch batch, AbortSignal abort)
    {
        rope.Extend(step.Positions);
        attend.Plan(batch);
        embed.Run(team);
        for (var layer = 0; layer < weights.Layers.Length; layer++)
        {
            if (abort.Raised)
                return false;
            Layer(layer);
        }

        if (step.OutputCount > 0)
            Outputs();
        return !abort.Raised;
    }

    public void Dispose()
    {
        buffers.ForEach(buffer => buffer.Dispose());
        normed.Dispose();
        attended.Dispose();
        hidden.Dispose();
        attend.Dispose();
    }

    private void Layer(int index)
    {
        var layer = weights.Layers[index];
        var last = index == weights.Layers.Length - 1;
        var rows = step.Count;
        norm.Run(team, rows, layer.AttentionNorm, addDelta: index > 0, deltaBias: null, layer.Query.QuantizedInput || layer.Key.QuantizedInput || layer.Value.QuantizedInput);
        multiply.Begin(normed.Rows, rows).Add(layer.Query, queries, queryStride).Add(layer.Key, keys, keyStride).Add(layer.Value, values, keyStride).Run(team);
        storeKeys.Run(team, index, layer);
        if (last && step.OutputCount == 0)
            return;

        attend.Run(team, index);
        if (last)
            rows = KeepOutputRows();
        if (layer.AttentionOutput.QuantizedInput)
            quantizeAttended.Run(team, rows);
        multiply.Begin(attended.Rows, rows).Add(layer.AttentionOutput, delta, width).Run(team);
        norm.Run(team, rows, layer.FeedForwardNorm, addDelta: true, layer.AttentionOutputBias, layer.Gate.QuantizedInput || layer.Up.QuantizedInput);
        multiply.Begin(normed.Rows, rows).Add(layer.Gate, hidden.Rows.Values(0), hidden.Rows.Stride).Add(layer.Up, up, hidden.Rows.Stride).Run(team);
        gate.Run(team, rows, layer.Down.QuantizedInput);
        multiply.Begin(hidden.Rows, rows).Add(layer.Down, delta, width).Run(team);
    }

    // After the last attention a row without an output is of no use to anyone.
    private int KeepOutputRows()
    {
        for (var i = 0; i < step.OutputCount; i++)
        {
            var row = step.OutputRows[i];
            if (row == i)
                continue;
            new ReadOnlySpan<float>(residual + ((long)row * width), width).CopyTo(new Span<float>(residual + ((long)i * width), width));
            new ReadOnlySpan<float>(attended.Rows.Values(row), queryStride).CopyTo(new Span<float>(attended.Rows.Values(i), queryStride));
        }

        return step.OutputCount;
    }

    private void Outputs()
    {
        norm.Run(team, step.OutputCount, weights.OutputNorm, addDelta: true, deltaBias: null, weights.Output.QuantizedInput, step);
        if (step.LogitsCount > 0)
            multiply.Begin(normed.Rows, step.LogitsCount).Add(weights.Output, logits, logitsStride).Run(team);
    }

    private float* Rows(int rows, int columns, out int stride)
    {
        stride = Strides.For(columns);
        var buffer = new NativeBuffer((long)rows * stride * sizeof(float));
        buffers.Add(buffer);
        return buffer.Floats;
    }
}
