using Penstock.Engine.KvCache;
using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Llama.KvCache;
using Penstock.Engine.Llama.Tokenization;
using Penstock.Engine.Running;
using Penstock.Models.Adapters;
using Penstock.Models.Fingerprints;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Llama.Running;

/// <summary>
/// Runs what llama.cpp runs, on the processors and GPUs that its libraries know. Promises less than the CPU engine: results depend on what
/// else is in a step unless <see cref="LlamaRunnerOptions.Deterministic"/> is set, and each adapter of a step costs a pass.
/// </summary>
public sealed class LlamaModelRunner : IModelRunner
{
    private const long DefaultKvBytes = 1L << 30;
    private const int DefaultFullContexts = 8;

    /// <summary>Outputs of a call, at least: more take memory for logits, fewer cut scoring and embedding into small calls.</summary>
    private const int LeastOutputs = 64;

    private const int DefaultSequences = 256;
    private const int DefaultDeterministicSequences = 8;

    private readonly LlamaModel model;
    private readonly LlamaContext context;
    private readonly LlamaKvStore kv;
    private readonly LlamaStep step;
    private readonly LlamaAdapterStore adapters;
    private readonly long[] lastStep;
    private long stepNumber;
    private bool disposed;

    private LlamaModelRunner(LlamaModel model, LlamaRunnerOptions options, KvSize size, ulong modelKey, LoraBase fit)
    {
        this.model = model;
        context = new LlamaContext(model, new ContextOptions(
            (int)size.Cells,
            options.MaxRows,
            size.Sequences,
            Math.Max(LeastOutputs, size.Sequences),
            options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
            Unified: !options.Deterministic));
        kv = new LlamaKvStore(context, size.Blocks, size.Sequences, size.ContextLength, modelKey);
        adapters = new LlamaAdapterStore(model, context, fit);
        step = new LlamaStep(context, adapters, new OutputSizes(model.VocabularySize, model.EmbeddingWidth), context.RowCapacity, options.Deterministic);
        lastStep = new long[size.Sequences];
        Capabilities = new RunnerCapabilities
        {
            Name = $"engine.llama/{LlamaLibrary.Version}{(options.GpuLayers != 0 && LlamaLibrary.Gpu() is { } gpu ? $"+{gpu.ToLowerInvariant()}" : "")}{(options.Deterministic ? "+deterministic" : "")}",
            VocabularySize = model.VocabularySize,
            EmbeddingWidth = model.EmbeddingWidth,
            ContextLength = size.ContextLength,
            MaxRows = context.RowCapacity,
            MaxSequences = size.Sequences,
            BatchInvariant = options.Deterministic,
            AdapterPerRow = false,
        };
    }

    public RunnerCapabilities Capabilities { get; }

    public IKvStore Kv => kv;

    public IAdapterStore Adapters => adapters;

    /// <summary>Loads a model. The library opens the file by itself; <paramref name="file"/> is not needed any more afterwards.</summary>
    /// <param name="file">The model.</param>
    /// <param name="options">How to use the machine.</param>
    /// <param name="progress">Told the fraction of the weights loaded, 0 to 1.</param>
    /// <exception cref="LlamaLibraryException">The libraries are missing or of another version.</exception>
    /// <exception cref="GgufException">llama.cpp or the engine does not run this model, or there is not enough memory for it; the message has the reason.</exception>
    public static LlamaModelRunner Load(GgufFile file, LlamaRunnerOptions options, IProgress<double>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxRows);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxSequences);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        LlamaLibrary.Load(options.Libraries);
        var loaded = LlamaModel.Open(file.Path, options.GpuLayers, progress: progress);
        try
        {
            if (loaded.Unfit() is { } reason)
                throw new GgufException(file.Path, $"the engine does not run this model on llama.cpp: {reason}", "Use a decoder-only transformer.");
            return new LlamaModelRunner(loaded, options, Size(file, loaded, options), QuickModelKey.Compute(file), LoraBase.Of(file));
        }
        catch (InvalidOperationException failure)
        {
            loaded.Dispose();
            throw new GgufException(file.Path, failure.Message.TrimEnd('.'), "Give it less KV memory with --kv-tokens, or use a machine with more memory.", inner: failure);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>llama.cpp's own tokenizer of this model, for vocabularies that <see cref="TokenizerFactory"/> refuses. Not to be used after this runner.</summary>
    public ITokenizer CreateTokenizer()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new LlamaTokenizer(model);
    }

    public StepOutcome Run(StepBatch batch, AbortSignal abort)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Rows, Capabilities.MaxRows);
        if (!Check(batch))
            return StepOutcome.OutOfBlocks;

        var outcome = step.Run(batch, abort);
        if (outcome == DecodeOutcome.Completed)
        {
            foreach (var slice in batch.Slices)
                kv.Append(slice.Sequence, slice.Count);
            return StepOutcome.Completed;
        }

        // Earlier calls of the step, or passes of the call that ended, may have stored rows.
        foreach (var slice in batch.Slices)
            kv.Undo(slice.Sequence);
        return outcome switch
        {
            DecodeOutcome.Aborted => StepOutcome.Aborted,
            DecodeOutcome.NoCells => StepOutcome.OutOfBlocks,
            _ => StepOutcome.Failed,
        };
    }

    public Span<float> Logits(int index) => step.Outputs.Logits(index);

    public ReadOnlySpan<float> Hidden(int index) => step.Outputs.Hidden(index);

    public void Dispose()
    {
        disposed = true;
        context.Dispose();
        adapters.Dispose();
        model.Dispose();
    }

    private static KvSize Size(GgufFile file, LlamaModel loaded, LlamaRunnerOptions options)
    {
        var sequences = options.MaxSequences > 0 ? options.MaxSequences : options.Deterministic ? DefaultDeterministicSequences : DefaultSequences;
        var bytesPerToken = loaded.KvBytesPerToken(file.Metadata);
        var tokens = options.KvTokens > 0 ? options.KvTokens : Math.Min(DefaultKvBytes / bytesPerToken, (long)DefaultFullContexts * loaded.TrainedContext);
        var blocks = Math.Clamp((tokens + KvBlockPool.BlockTokens - 1) / KvBlockPool.BlockTokens, 1, int.MaxValue / KvBlockPool.BlockTokens);
        var inOne = blocks * KvBlockPool.BlockTokens / (options.Deterministic ? sequences : 1);
        var length = options.ContextLength > 0 ? options.ContextLength : (int)Math.Clamp(inOne, 1, loaded.TrainedContext);
        var cells = options.Deterministic ? (long)length * sequences : blocks * KvBlockPool.BlockTokens;

        // The library writes to all of it at once, and the system ends a process that does so with memory that is not there.
        var bytes = cells * bytesPerToken;
        if (cells > int.MaxValue || (LlamaLibrary.Gpu() is null && bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes))
            throw new GgufException(file.Path, $"the KV of {cells} tokens takes {bytes >> 20} MiB, more than this machine has", "Give it less with --kv-tokens or --context.");
        return new KvSize((int)blocks, cells, sequences, length);
    }

    // False: a slice's KV is not reserved. A bug of the caller that cannot be a value is an exception.
    private bool Check(StepBatch batch)
    {
        foreach (var token in batch.Tokens)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)Capabilities.VocabularySize);

        stepNumber++;
        foreach (var slice in batch.Slices)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(slice.Position, kv.Length(slice.Sequence));
            if (lastStep[slice.Sequence] == stepNumber)
                throw new ArgumentException($"Sequence {slice.Sequence} appears twice in the step.", nameof(batch));
            lastStep[slice.Sequence] = stepNumber;
            if (!kv.CanWrite(slice.Sequence, slice.Position + slice.Count))
                return false;
        }

        return true;
    }

    private readonly record struct KvSize(int Blocks, long Cells, int Sequences, int ContextLength);
}
