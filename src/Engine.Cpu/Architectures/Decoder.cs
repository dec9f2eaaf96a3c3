using Penstock.Engine.Cpu.Adapters;
using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Experts;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;
using Penstock.Engine.Running;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>
/// One forward pass of a decoder as a sequence of phases, each shared out over the team. What an architecture does differently is in
/// its <see cref="Blueprint"/>. Owns the step's buffers; allocates only when made.
/// </summary>
internal sealed unsafe class Decoder : IDisposable
{
    private readonly DecoderWeights weights;
    private readonly ThreadTeam team;
    private readonly StepRows step;
    private readonly RopeTables ropes;
    private readonly List<NativeBuffer> buffers = [];
    private readonly ActivationBuffer normed;
    private readonly ActivationBuffer attended;
    private readonly float* residual;
    private readonly float* delta;
    private readonly float* queries;
    private readonly float* keys;
    private readonly float* values;
    private readonly float* logits;
    private readonly int width;
    private readonly int queryStride;
    private readonly int keyStride;
    private readonly int logitsStride;
    private readonly AdapterPhase adapters;
    private readonly Products products;
    private readonly MatMulPhase project = new();
    private readonly EmbedPhase embed;
    private readonly NormPhase norm;
    private readonly StorePhase storeKeys;
    private readonly AttentionPhase attend;
    private readonly QuantizePhase quantizeAttended;
    private readonly LogitsPhase shapeLogits;
    private readonly IFeedForward feedForward;
    private long otherBytesRead;

    public Decoder(ModelDescription model, DecoderWeights weights, CpuKvStore store, ThreadTeam team, StepRows step, RopeTables ropes, CpuAdapterStore adapterStore, KernelPath path, int maxRows)
    {
        (this.weights, this.team, this.step, this.ropes) = (weights, team, step, ropes);
        var blueprint = weights.Blueprint;
        var (queryWidth, keyWidth) = (model.HeadCount * model.HeadWidth, model.KvHeadCount * model.HeadWidth);
        normed = new ActivationBuffer(maxRows, model.EmbeddingWidth);
        attended = new ActivationBuffer(maxRows, queryWidth);
        residual = Rows(maxRows, model.EmbeddingWidth, out width);
        delta = Rows(maxRows, model.EmbeddingWidth, out _);
        queries = Rows(maxRows, queryWidth, out queryStride);
        keys = Rows(maxRows, keyWidth, out keyStride);
        values = Rows(maxRows, keyWidth, out _);
        logits = Rows(maxRows, model.VocabularySize, out logitsStride);
        adapters = new AdapterPhase(adapterStore, step, maxRows);
        products = new Products(weights, adapters);
        embed = new EmbedPhase(weights.Embedding, blueprint.EmbeddingScale, step, residual, width);
        norm = new NormPhase(residual, delta, width, normed, model.NormEpsilon);
        storeKeys = new StorePhase(step, store, ropes, model.NormEpsilon, queries, model.HeadCount, keys, values);
        attend = new AttentionPhase(store, team, maxRows, queries, model.HeadCount, attended.Rows, [.. blueprint.Layers.Select(layer => layer.Attention)], path);
        quantizeAttended = new QuantizePhase(attended);
        feedForward = model.Experts is null
            ? new DenseFeedForward(weights, products, normed, delta, width, maxRows, model.FeedForwardWidth)
            : new ExpertFeedForward([.. weights.Layers.Select(layer => (ExpertWeights)layer.FeedForward)], blueprint.Activation, normed.Rows, delta, maxRows);
        shapeLogits = new LogitsPhase(logits, logitsStride, blueprint.LogitsScale, blueprint.LogitsSoftCap);
    }

    /// <summary>Bytes of weights read since this was made: each matrix once for each step that needs it.</summary>
    public long BytesRead => otherBytesRead + feedForward.BytesRead;

    /// <summary>Logits in a slot of <see cref="StepRows"/>.</summary>
    public float* Logits(int slot) => logits + ((long)slot * logitsStride);

    /// <summary>Normed final hidden state in a slot of <see cref="StepRows"/>.</summary>
    public float* Hidden(int slot) => normed.Rows.Values(slot);

    /// <returns>False: the signal was seen between two layers.</returns>
    public bool Run(StepBatch batch, AbortSignal abort)
    {
        ropes.Extend(step.Positions);
        attend.Plan(batch);
        adapters.Take(batch);
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
        feedForward.Dispose();
        adapters.Dispose();
        attend.Dispose();
    }

    private void Layer(int index)
    {
        var layer = weights.Layers[index];
        var last = index == weights.Layers.Length - 1;
        var rows = step.Count;
        otherBytesRead += layer.BytesPerStep - layer.FeedForward.BytesPerStep;
        norm.Run(team, rows, layer.AttentionNorm, index > 0 ? weights.Layers[index - 1].AfterFeedForward : null, layer.QuantizedInput);
        products.Begin(index, normed.Rows, rows).Add(WeightName.Query, queries, queryStride).Add(WeightName.Key, keys, keyStride).Add(WeightName.Value, values, keyStride).Run(team);
        storeKeys.Run(team, index, layer);
        if (last && step.OutputCount == 0)
            return;

        attend.Run(team, index);
        if (last)
            rows = KeepOutputRows();
        if (layer.AttentionOutput.QuantizedInput)
            quantizeAttended.Run(team, rows);
        products.Begin(index, attended.Rows, rows).Add(WeightName.AttentionOutput, delta, width).Run(team);
        norm.Run(team, rows, layer.FeedForwardNorm, layer.AfterAttention, layer.FeedForward.QuantizedInput);
        feedForward.Run(team, index, rows);
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

        adapters.Use(RowView.Outputs);
        return step.OutputCount;
    }

    private void Outputs()
    {
        norm.Run(team, step.OutputCount, weights.OutputNorm, weights.Layers[^1].AfterFeedForward, weights.Output.QuantizedInput, step);
        if (step.LogitsCount == 0)
            return;

        otherBytesRead += weights.Output.Bytes;
        project.Begin(normed.Rows, step.LogitsCount).Add(weights.Output, logits, logitsStride).Run(team);
        adapters.Use(RowView.Logits);
        adapters.Begin(normed.Rows);
        adapters.Add(AdapterTargets.Output(weights), logits, logitsStride);
        adapters.Run(team);
        shapeLogits.Run(team, step.LogitsCount);
    }

    private float* Rows(int rows, int columns, out int stride)
    {
        stride = Strides.For(columns);
        var buffer = new NativeBuffer((long)rows * stride * sizeof(float));
        buffers.Add(buffer);
        return buffer.Floats;
    }
}
