using Penstock.Engine.Running;
using Penstock.Engine.Sampling;

namespace Penstock.Engine.Simulation;

/// <summary>
/// A runner without a model: logits are a hash of the sequence's whole history as it lies in the KV blocks, so that a token of a
/// wrong sequence, block or position changes them. A step advances a virtual clock by its cost, and faults can be planted.
/// </summary>
public sealed class SimulatedRunner : IModelRunner
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(5);

    private readonly SimulatedRunnerOptions options;
    private readonly SimulatedKvStore kv;
    private readonly SimulatedAdapterStore adapters = new();
    private readonly VirtualClock? clock;
    private readonly PlantedFault[] faults;
    private readonly ulong[] outputs;
    private readonly float[] logits;
    private readonly float[] hidden;
    private readonly bool[] written;
    private int outputCount;
    private int notANumber;

    /// <param name="options">What to simulate.</param>
    /// <param name="clock">Advanced by each step's cost; null = steps take no time.</param>
    public SimulatedRunner(SimulatedRunnerOptions options, VirtualClock? clock = null)
    {
        (this.options, this.clock, kv) = (options, clock, new SimulatedKvStore(options));
        faults = [.. options.Faults];
        outputs = new ulong[options.MaxRows];
        written = new bool[options.MaxRows];
        logits = new float[options.MaxRows * options.VocabularySize];
        hidden = new float[options.EmbeddingWidth];
        Capabilities = new RunnerCapabilities
        {
            Name = "simulated",
            VocabularySize = options.VocabularySize,
            EmbeddingWidth = options.EmbeddingWidth,
            ContextLength = options.ContextLength,
            MaxRows = options.MaxRows,
            MaxSequences = options.MaxSequences,
            BatchInvariant = true,
            AdapterPerRow = true,
        };
    }

    public RunnerCapabilities Capabilities { get; }

    public IKvStore Kv => kv;

    public IAdapterStore Adapters => adapters;

    /// <summary>Calls of <see cref="Run"/> so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Verifies the invariants of the KV blocks. For tests.</summary>
    /// <returns>Null when all hold, else the first that does not.</returns>
    public string? CheckKv() => kv.Check();

    public StepOutcome Run(StepBatch batch, AbortSignal abort)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Rows, options.MaxRows);
        Steps++;
        var fault = Planted();
        clock?.Advance((options.Cost.Of(batch, Steps) * (fault == FaultKind.Slow ? 100 : 1)) + (fault == FaultKind.Hang ? Hang : TimeSpan.Zero));
        switch (fault)
        {
            case FaultKind.Throw: throw new InvalidOperationException("A planted fault.");
            case FaultKind.Fail: return StepOutcome.Failed;
            case FaultKind.OutOfBlocks: return StepOutcome.OutOfBlocks;
            case FaultKind.Abort: return StepOutcome.Aborted;
        }

        foreach (var slice in batch.Slices)
        {
            if (slice.Position != kv.Length(slice.Sequence))
                throw new ArgumentException($"Sequence {slice.Sequence} has {kv.Length(slice.Sequence)} tokens; a slice cannot begin at {slice.Position}.", nameof(batch));
            if (slice.Position + slice.Count > kv.Capacity(slice.Sequence))
                return StepOutcome.OutOfBlocks;
        }

        if (abort.Raised)
            return StepOutcome.Aborted;

        outputCount = 0;
        foreach (var slice in batch.Slices)
        {
            if (options.BooksOnly)
                Book(slice);
            else
                Compute(slice, batch.Tokens.Slice(slice.Offset, slice.Count));
        }

        notANumber = fault == FaultKind.NotANumber ? OutputsOf(batch.Slices[0]) : 0;
        return StepOutcome.Completed;
    }

    public Span<float> Logits(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)outputCount);
        var values = logits.AsSpan(index * options.VocabularySize, options.VocabularySize);
        if (!written[index])
            Fill(index, values);
        written[index] = true;
        return values;
    }

    public ReadOnlySpan<float> Hidden(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)outputCount);
        Fill(index, hidden);
        return hidden;
    }

    public void Dispose()
    {
    }

    private void Compute(StepSlice slice, ReadOnlySpan<int> tokens)
    {
        var adapter = adapters.Key(slice.Adapter);
        var history = options.Model ^ adapter;
        for (var i = 0; i < slice.Position; i++)
            history = CounterRandom.Bits(history, kv.Entry(slice.Sequence, i));

        for (var i = 0; i < tokens.Length; i++)
        {
            ref var entry = ref kv.Entry(slice.Sequence, slice.Position + i);
            entry = CounterRandom.Bits((ulong)tokens[i] ^ adapter, (ulong)(slice.Position + i));
            history = CounterRandom.Bits(history, entry);
            if (slice.Output is SliceOutput.EveryRow or SliceOutput.Hidden || (slice.Output == SliceOutput.LastRow && i == tokens.Length - 1))
                (outputs[outputCount], written[outputCount++]) = (history, false);
        }

        kv.Append(slice.Sequence, slice.Count);
    }

    private void Book(StepSlice slice)
    {
        for (var i = OutputsOf(slice); i > 0; i--)
            (outputs[outputCount], written[outputCount++]) = (0, false);
        kv.Append(slice.Sequence, slice.Count);
    }

    // Between -4 and 4: flat enough for every filter to have work to do.
    private void Fill(int index, Span<float> values)
    {
        if (options.BooksOnly)
        {
            values.Clear();
            return;
        }

        if (index < notANumber)
        {
            values.Fill(float.NaN);
            return;
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = (((int)(CounterRandom.Bits(outputs[index], (ulong)i) >> 40)) * (8f / (1 << 24))) - 4f;
    }

    private FaultKind? Planted()
    {
        foreach (var fault in faults)
        {
            if (fault.Step == Steps)
                return fault.Kind;
        }

        return null;
    }

    private static int OutputsOf(StepSlice slice) => slice.Output switch
    {
        SliceOutput.None => 0,
        SliceOutput.LastRow => 1,
        _ => slice.Count,
    };
}
