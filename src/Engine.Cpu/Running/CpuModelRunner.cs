using Penstock.Engine.Cpu.Adapters;
using Penstock.Engine.Cpu.Architectures;
using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Threading;
using Penstock.Engine.Running;
using Penstock.Models.Adapters;
using Penstock.Models.Description;
using Penstock.Models.Fingerprints;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Running;

/// <summary>
/// Runs a decoder of an architecture in <c>Architectures</c> on the processor with Penstock's own kernels. Every output is one fixed-order reduction:
/// bit-identical whatever else is in the step, however the prompt is cut, with any number of threads and on any kernel path.
/// </summary>
/// <remarks>Owns the packed weights and the KV memory; shares its threads with the process's other runners, a step at a time. The file may be closed after loading.</remarks>
public sealed unsafe class CpuModelRunner : IModelRunner
{
    private const long LeastKvBytes = 1L << 30;

    private readonly WeightMemory weightMemory;
    private readonly DecoderWeights weights;
    private readonly Decoder forward;
    private readonly CpuKvStore kv;
    private readonly CpuAdapterStore adapters;
    private readonly RopeTables ropes;
    private readonly TeamLease threads;
    private readonly StepRows step;
    private bool disposed;

    private CpuModelRunner(ModelDescription model, WeightMemory memory, DecoderWeights weights, CpuRunnerOptions options, KernelPath path, ulong modelKey, LoraBase adapterBase)
    {
        (weightMemory, this.weights, Path) = (memory, weights, path);
        var layout = new KvLayout(model.LayerCount, model.KvHeadCount, model.HeadWidth, options.KvType);
        var blocks = BlocksFor(layout, options);
        var context = options.ContextLength > 0 ? options.ContextLength : Math.Min(model.ContextLength, blocks * KvLayout.BlockTokens);
        MemoryNeed.Check(blocks * layout.BlockBytes, $"KV memory of {(long)blocks * KvLayout.BlockTokens} tokens", "Ask for fewer tokens of KV memory.");
        var rotations = weights.Blueprint.Layers.Select(layer => layer.Rope).ToList();
        MemoryNeed.Check(RopeTables.Bytes(rotations, context), $"A context of {context} tokens", "Ask for a shorter context.");
        threads = TeamLease.Take(ThreadsOf(options), options.Affinity);
        // Keys that were rotated with other divisors are of no use.
        kv = new CpuKvStore(layout, blocks, options.MaxSequences, context, weights.RopeFactors.UsesLong(context) ? ~modelKey : modelKey);
        ropes = new RopeTables(rotations, weights.Blueprint.RopeOrder, weights.RopeFactors.For(context), context, model.ContextLength);
        step = new StepRows(options.MaxRows);
        adapters = new CpuAdapterStore(adapterBase, new AdapterTargets(weights), options.AdapterType, path);
        forward = new Decoder(model, weights, kv, threads.Team, step, ropes, adapters, path, options.MaxRows);
        Capabilities = new RunnerCapabilities
        {
            Name = $"engine.cpu/{path.Name()}/kv-{options.KvType.Name()}",
            KvType = options.KvType,
            VocabularySize = model.VocabularySize,
            EmbeddingWidth = model.EmbeddingWidth,
            ContextLength = context,
            MaxRows = options.MaxRows,
            MaxSequences = options.MaxSequences,
            BatchInvariant = true,
            AdapterPerRow = true,
        };
    }

    public RunnerCapabilities Capabilities { get; }

    public IKvStore Kv => kv;

    public IAdapterStore Adapters => adapters;

    /// <summary>Bytes of packed weights that a decode step of one row reads; with experts, those that the row uses.</summary>
    public long WeightBytes => weights.BytesPerStep;

    /// <summary>Bytes of packed weights that all steps so far have read: each matrix once a step, of experts those that any row used.</summary>
    public long WeightBytesRead => forward.BytesRead;

    /// <summary>Multiply-adds with weights of one row without an output: of one token of a prompt.</summary>
    public long MultiplyAddsPerRow => weights.MultiplyAddsPerRow;

    /// <summary>The kernels in use.</summary>
    public KernelPath Path { get; }

    /// <summary>Threads that compute a step.</summary>
    public int Threads => threads.Team.Size;

    /// <summary>Loads and packs a model.</summary>
    /// <param name="file">The model; not needed any more afterwards.</param>
    /// <param name="options">How to use the machine.</param>
    /// <param name="progress">Told the fraction of bytes loaded, 0 to 1.</param>
    /// <exception cref="GgufException">Not a model that this engine computes: the architecture, tensor or key at fault is named, with a remedy.</exception>
    /// <exception cref="Contracts.Errors.PenstockException">The KV memory or context asked for does not fit the machine.</exception>
    /// <exception cref="PlatformNotSupportedException">The options ask for kernels that this processor does not have.</exception>
    public static CpuModelRunner Load(GgufFile file, CpuRunnerOptions options, IProgress<double>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxRows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxSequences);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        var path = KernelPaths.Resolve(options.Path);
        var memory = new WeightMemory();
        try
        {
            var loader = new TensorLoader(file, memory, path, progress);
            ArchitectureCatalog.Check(file);
            var model = ModelDescription.From(file);
            if (!KvLayout.Allows(options.KvType, model.HeadWidth))
                throw loader.Fault($"KV of the type {options.KvType.Name()} has blocks of {KvBytes.Block} dimensions, and heads of {model.HeadWidth} are not whole blocks", $"Keep keys and values as {KvType.F16.Name()}: --kv-type {KvType.F16.Name()}.");
            return new CpuModelRunner(model, memory, DecoderWeights.Load(model, loader), options, path, QuickModelKey.Compute(file), LoraBase.Of(file));
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    public StepOutcome Run(StepBatch batch, AbortSignal abort)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Rows, Capabilities.MaxRows);
        if (!Check(batch))
            return StepOutcome.OutOfBlocks;

        step.Take(batch);
        if (!Forward(batch, abort))
            return StepOutcome.Aborted;

        foreach (var slice in batch.Slices)
            kv.Append(slice.Sequence, slice.Count);
        return StepOutcome.Completed;
    }

    public Span<float> Logits(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)step.OutputCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step.Slot(index), step.LogitsCount);
        return new Span<float>(forward.Logits(step.Slot(index)), Capabilities.VocabularySize);
    }

    public ReadOnlySpan<float> Hidden(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)step.OutputCount);
        return new ReadOnlySpan<float>(forward.Hidden(step.Slot(index)), Capabilities.EmbeddingWidth);
    }

    public void Dispose()
    {
        if (disposed)
            return;

        disposed = true;
        threads.Dispose();
        forward.Dispose();
        adapters.Dispose();
        ropes.Dispose();
        kv.Dispose();
        weightMemory.Dispose();
    }

    private bool Forward(StepBatch batch, AbortSignal abort)
    {
        threads.Enter();
        try
        {
            return forward.Run(batch, abort);
        }
        finally
        {
            threads.Exit();
        }
    }

    // An eighth of the machine: several models and their weights fit beside it, and several long prompts fit in it.
    private static long UsualKvBytes() => Math.Max(LeastKvBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);

    private static int ThreadsOf(CpuRunnerOptions options) =>
        options.Threads > 0 ? options.Threads : Math.Min(PhysicalCores.Count(), options.Affinity.Count > 0 ? options.Affinity.Count : int.MaxValue);

    private static int BlocksFor(KvLayout layout, CpuRunnerOptions options)
    {
        var blocks = options.KvTokens > 0
            ? (options.KvTokens + (long)KvLayout.BlockTokens - 1) / KvLayout.BlockTokens
            : (options.KvBytes > 0 ? options.KvBytes : UsualKvBytes()) / layout.BlockBytes;
        return (int)Math.Clamp(blocks, 1, int.MaxValue / KvLayout.BlockTokens);
    }

    private bool Check(StepBatch batch)
    {
        foreach (var token in batch.Tokens)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)Capabilities.VocabularySize);

        foreach (var slice in batch.Slices)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(slice.Position, kv.Length(slice.Sequence));
            if (!kv.CanWrite(slice.Sequence, slice.Position + slice.Count))
                return false;
        }

        return true;
    }
}
