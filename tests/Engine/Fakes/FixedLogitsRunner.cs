using Penstock.Engine.KvCache;
using Penstock.Engine.Running;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Computes nothing: every output is a copy of the same random logits, so that what remains is the engine's own cost. Its KV cannot be saved.</summary>
internal sealed class FixedLogitsRunner : IModelRunner, IKvStore
{
    private readonly KvBlockPool pool = new(4096, 64, 8192);
    private readonly float[] source;
    private readonly float[] logits;

    public FixedLogitsRunner(int vocabularySize)
    {
        var random = new Random(1);
        source = [.. Enumerable.Range(0, vocabularySize).Select(_ => (random.NextSingle() - 0.5f) * 16f)];
        logits = new float[vocabularySize];
        Capabilities = new RunnerCapabilities
        {
            Name = "fixed",
            VocabularySize = vocabularySize,
            EmbeddingWidth = 8,
            ContextLength = 8192,
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
        return StepOutcome.Completed;
    }

    public Span<float> Logits(int index)
    {
        source.CopyTo(logits, 0);
        return logits;
    }

    public ReadOnlySpan<float> Hidden(int index) => default;

    public int Length(int sequence) => pool.Length(sequence);

    public int BlocksToGrow(int sequence, int tokens) => pool.BlocksToGrow(sequence, tokens);

    public bool TryReserve(int sequence, int tokens) => pool.TryReserve(sequence, tokens, out _);

    public void Share(int source, int target, int from, int to) => pool.Share(source, target, from, to);

    public void Truncate(int sequence, int tokens) => pool.Truncate(sequence, tokens);

    public void Release(int sequence) => pool.Release(sequence);

    public void Save(int sequence, System.Buffers.IBufferWriter<byte> destination) => throw new NotSupportedException();

    public KvRestoreOutcome Restore(int sequence, ReadOnlySpan<byte> saved) => KvRestoreOutcome.NotCompatible;

    public void Dispose()
    {
    }
}
