using System.Runtime.InteropServices;
using Penstock.Engine.Llama.Native;
using Penstock.Engine.Running;

namespace Penstock.Engine.Llama.Contexts;

/// <summary>
/// A context of llama.cpp with its own threads: rows in, outputs out, and its KV cells. One thread at a time. Every argument that the
/// library would answer by ending the process is refused here with an exception, and disposing it makes every later call throw.
/// </summary>
internal sealed unsafe class LlamaContext : IDisposable
{
    private readonly ContextHandle handle;
    private readonly ThreadPoolHandle pool;
    private readonly AbortCell abortCell = new();
    private readonly BatchRows rows;
    private readonly ContextOptions options;
    private readonly int vocabularySize;
    private readonly int embeddingWidth;
    private readonly nint memory;
    private bool embeddings;
    private bool computed;
    private nint adapter;
    private float adapterScale;
    private byte[] copied = [];

    /// <exception cref="InvalidOperationException">The library does not make such a context: most often there is not enough memory.</exception>
    public LlamaContext(LlamaModel model, ContextOptions options)
    {
        Check(options);
        NativeLog.Clear();
        (vocabularySize, embeddingWidth) = (model.VocabularySize, model.EmbeddingWidth);
        pool = ThreadPoolHandle.Create(options.Threads, options.Polling);
        var state = GCHandle.Alloc(abortCell);
        var context = NativeMethods.CreateContext(model.Handle, Parameters(options, state));
        if (context == 0)
        {
            state.Free();
            pool.Dispose();
            throw new InvalidOperationException($"llama.cpp does not make a context of {options.Cells} tokens: {NativeLog.Take("it gives no reason")}.");
        }

        handle = new ContextHandle(context, model.Handle, pool, state);
        NativeMethods.AttachThreadPool(handle, pool, pool);
        memory = NativeMethods.Memory(handle);
        this.options = options with { Cells = (int)NativeMethods.ContextCells(handle) };
        rows = new BatchRows((int)Math.Min((uint)options.Rows, NativeMethods.ContextRows(handle)));
    }

    /// <summary>Whether sequences share cells.</summary>
    public bool Unified => options.Unified;

    /// <summary>Most rows of a call.</summary>
    public int RowCapacity => rows.Capacity;

    /// <summary>Most outputs of a call.</summary>
    public int OutputCapacity => options.Outputs;

    /// <summary>Rows added to the next call.</summary>
    public int RowCount => rows.Count;

    /// <summary>Starts the rows of the next call; outputs of the last one are gone.</summary>
    public void Clear()
    {
        rows.Clear();
        computed = false;
    }

    /// <summary>Adds a row.</summary>
    public void Add(int sequence, int position, int token, bool output)
    {
        CheckSequence(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)options.Cells);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)vocabularySize);
        if (computed)
            throw new InvalidOperationException("The rows are computed; clear them before adding others.");
        if (rows.Count == rows.Capacity || (output && rows.OutputCount == options.Outputs))
            throw new InvalidOperationException($"A call takes {rows.Capacity} rows with {options.Outputs} outputs at most.");
        rows.Add(sequence, position, token, output);
    }

    /// <summary>Computes the rows.</summary>
    /// <param name="hidden">Compute hidden states too; then every row must have an output.</param>
    /// <param name="abort">Checked between operations.</param>
    public DecodeOutcome Run(bool hidden = false, AbortSignal? abort = null)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        if (rows.Count == 0 || computed)
            throw new InvalidOperationException("There are no rows to compute.");
        if (hidden && rows.OutputCount < rows.Count)
            throw new InvalidOperationException("Hidden states are computed for every row of a call or for none.");

        if (hidden != embeddings)
            NativeMethods.SetEmbeddings(handle, embeddings = hidden);
        abortCell.Signal = abort;
        var code = NativeMethods.Decode(handle, rows.ToNative());
        abortCell.Signal = null;
        computed = code == 0;
        return code switch { 0 => DecodeOutcome.Completed, 1 => DecodeOutcome.NoCells, 2 => DecodeOutcome.Aborted, _ => DecodeOutcome.Failed };
    }

    /// <summary>Logits of a row of the completed call that had an output. Valid until <see cref="Clear"/>.</summary>
    public Span<float> Logits(int row)
    {
        CheckOutput(row);
        return new Span<float>(Found(NativeMethods.Logits(handle, row)), vocabularySize);
    }

    /// <summary>Hidden state, after the output norm, of a row of the completed call. Valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<float> Hidden(int row)
    {
        CheckOutput(row);
        if (!embeddings)
            throw new InvalidOperationException("The call did not compute hidden states.");
        return new ReadOnlySpan<float>(Found(NativeMethods.Embeddings(handle, row)), embeddingWidth);
    }

    /// <summary>What the next calls compute with beside the model.</summary>
    /// <param name="loaded">A loaded adapter of this model; null = none. The library works out its steps anew at each change.</param>
    /// <param name="scale">Multiplies what it adds.</param>
    public void Use(LlamaAdapter? loaded, float scale)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        var (next, nextScale) = (loaded?.Address ?? 0, loaded is null ? 0 : scale);
        if (next == adapter && nextScale == adapterScale)
            return;
        if (NativeMethods.SetAdapters(handle, &next, next == 0 ? 0u : 1u, &nextScale) != 0)
            throw new InvalidOperationException("llama.cpp does not take the adapter.");
        (adapter, adapterScale) = (next, nextScale);
    }

    /// <summary>Tokens of the sequence that are stored.</summary>
    public int Length(int sequence)
    {
        CheckSequence(sequence);
        return NativeMethods.LastPosition(memory, sequence) + 1;
    }

    /// <summary>Forgets the sequence from a position on.</summary>
    public void Truncate(int sequence, int position)
    {
        CheckSequence(sequence);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (!NativeMethods.RemoveCells(memory, sequence, position, -1))
            throw new InvalidOperationException("llama.cpp cannot cut this model's sequences at a token.");
    }

    /// <summary>Lets <paramref name="target"/> hold the cells of <paramref name="source"/> at positions from <paramref name="from"/> to <paramref name="to"/>, exclusive. Copies nothing.</summary>
    public void Share(int source, int target, int from, int to)
    {
        CheckSequence(source);
        CheckSequence(target);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        if (!options.Unified)
            throw new InvalidOperationException("Sequences share cells only where the cells are unified.");
        NativeMethods.ShareCells(memory, source, target, from, to);
    }

    /// <summary>Fills <paramref name="target"/> with the first <paramref name="tokens"/> tokens of <paramref name="source"/>, in cells of its own.</summary>
    public void Copy(int source, int target, int tokens)
    {
        // By the saved form: the library's own copy between streams is put off until the next call, and a target that is saved before would be empty.
        if (StateBytes(source) is var bytes && copied.Length < bytes)
            copied = GC.AllocateUninitializedArray<byte>((int)bytes);
        if (!Restore(target, copied.AsSpan(0, (int)Save(source, copied))))
            throw new InvalidOperationException("llama.cpp does not copy the sequence.");
        Truncate(target, tokens);
    }

    /// <summary>Bytes that <see cref="Save"/> writes now.</summary>
    public long StateBytes(int sequence)
    {
        CheckSequence(sequence);
        return (long)NativeMethods.StateSize(handle, sequence);
    }

    /// <summary>Writes the sequence's cells.</summary>
    /// <returns>Bytes written.</returns>
    public long Save(int sequence, Span<byte> destination)
    {
        CheckSequence(sequence);
        fixed (byte* start = destination)
            return (long)NativeMethods.GetState(handle, start, (nuint)destination.Length, sequence);
    }

    /// <summary>Replaces the sequence's cells by what <see cref="Save"/> wrote for this model. False: it does not fit, and the sequence is empty.</summary>
    public bool Restore(int sequence, ReadOnlySpan<byte> saved)
    {
        CheckSequence(sequence);
        fixed (byte* start = saved)
            return NativeMethods.SetState(handle, start, (nuint)saved.Length, sequence) > 0;
    }

    public void Dispose()
    {
        handle.Dispose();
        pool.Dispose();
    }

    private static void Check(ContextOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Cells);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Sequences);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)options.Sequences, (uint)NativeMethods.MaxSequences());
        // The library makes room for an output of each sequence and ends the process where its bound forbids that.
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Outputs, options.Sequences);
    }

    private static ContextParameters Parameters(ContextOptions options, GCHandle abortState)
    {
        var parameters = NativeMethods.DefaultContextParameters();
        parameters.Cells = (uint)options.Cells;
        parameters.Rows = (uint)options.Rows;
        parameters.RowsAtOnce = (uint)Math.Min(options.Rows, options.RowsAtOnce);
        parameters.Sequences = (uint)options.Sequences;
        parameters.Outputs = parameters.OutputsPerSequence = (uint)options.Outputs;
        parameters.Threads = parameters.BatchThreads = options.Threads;
        parameters.Pooling = 0;
        parameters.FullSlidingWindow = 1;
        parameters.Unified = options.Unified ? (byte)1 : (byte)0;
        parameters.Abort = AbortCell.Callback;
        parameters.AbortState = (void*)GCHandle.ToIntPtr(abortState);
        parameters.FlashAttention = (int)options.Attention;
        parameters.KeyType = parameters.ValueType = (int)options.CellType;
        return parameters;
    }

    private static float* Found(float* output) => output is not null ? output : throw new InvalidOperationException("llama.cpp has no output for this row.");

    private void CheckSequence(int sequence)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sequence, (uint)options.Sequences);
    }

    private void CheckOutput(int row)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        if (!computed || !rows.HasOutput(row))
            throw new InvalidOperationException($"Row {row} has no output: it was not asked for, or its call did not complete.");
    }
}
