using System.Buffers;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;

namespace Penstock.Benchmarks.Engine;

/// <summary>
/// Computes nothing: all outputs are the same logits, so what remains is the engine's own cost. Each output still lies in
/// memory of its own and is written anew, as a runner's are. Its KV cannot be saved.
/// </summary>
internal sealed class NullRunner : IModelRunner, IKvStore
{
    private readonly KvBlockPool pool = new(8192, 64, 65536);
    private readonly float[] source;
    private readonly float[][] logits;

    public NullRunner(float[] source)
    {
        this.source = source;
        var vocabularySize = source.Length;
        logits = [.. Enumerable.Range(0, 64).Select(_ => new float[vocabularySize])];
        Capabilities = new RunnerCapabilities
        {
            Name = "null",
            VocabularySize = vocabularySize,
            EmbeddingWidth = 8,
            ContextLength = 65536,
            MaxRows = 512,
            MaxSequences = 64,
            BatchInvariant = true,
            AdapterPerRow = false,
        };
    }

    public RunnerCapabilities Capabilities { get; }

    public IKvStore Kv => this;

    public int BlockTokens => KvBlockPool.BlockTokens;

    public int TotalBlocks => pool.TotalBlocks;

    public int FreeBlocks => pool.FreeBlocks;

    public StepOutcome Run(StepBatch batch, AbortSignal abort)
    {
        foreach (var slice in batch.Slices)
            pool.Append(slice.Sequence, slice.Count);
        WriteLogits(batch.Slices.Length);
        return StepOutcome.Completed;
    }

    public void WriteLogits(int outputs)
    {
        for (var i = 0; i < outputs; i++)
            source.CopyTo(logits[i], 0);
    }

    public Span<float> Logits(int index) => logits[index];

    public ReadOnlySpan<float> Hidden(int index) => default;

    public int Length(int sequence) => pool.Length(sequence);

    public int BlocksToGrow(int sequence, int tokens) => pool.BlocksToGrow(sequence, tokens);

    public bool TryReserve(int sequence, int tokens) => pool.TryReserve(sequence, tokens, out _);

    public void Share(int source, int target, int from, int to) => pool.Share(source, target, from, to);

    public void Truncate(int sequence, int tokens) => pool.Truncate(sequence, tokens);

    public void Release(int sequence) => pool.Release(sequence);

    public void Save(int sequence, IBufferWriter<byte> destination) => throw new NotSupportedException();

    public KvRestoreOutcome Restore(int sequence, ReadOnlySpan<byte> saved) => KvRestoreOutcome.NotCompatible;

    public void Dispose()
    {
    }
}
