using System.Runtime.InteropServices;

namespace Penstock.Tools.Oracle.Interop;

/// <summary>A context of llama.cpp with its own threads: rows in, logits out.</summary>
internal sealed unsafe class LlamaContext : IDisposable
{
    private readonly nint handle;
    private readonly int vocabularySize;
    private readonly int capacity;
    private readonly NativeBatch batch;
    private int count;

    public LlamaContext(LlamaModel model, ContextOptions options)
    {
        vocabularySize = model.VocabularySize;
        capacity = Math.Max(options.Chunk, options.Sequences);
        var parameters = NativeMethods.DefaultContextParameters();
        parameters.Context = (uint)(options.Tokens * options.Sequences);
        parameters.Batch = parameters.MicroBatch = parameters.Outputs = (uint)capacity;
        parameters.OutputsPerSequence = (uint)capacity;
        parameters.Sequences = (uint)options.Sequences;
        parameters.Threads = parameters.BatchThreads = options.Threads;
        if (options.Exact)
            parameters.KeyType = parameters.ValueType = parameters.FlashAttention = 0;
        handle = NativeMethods.CreateContext(model.Handle, parameters);
        if (handle == 0)
            throw new InvalidOperationException("llama.cpp does not make a context.");
        var pool = LlamaLibrary.CreateThreadPool(options.Threads);
        NativeMethods.AttachThreadPool(handle, pool, pool);

        batch = new NativeBatch
        {
            Tokens = Allocate<int>(capacity),
            Positions = Allocate<int>(capacity),
            SequenceCounts = Allocate<int>(capacity),
            Sequences = (int**)NativeMemory.Alloc((nuint)(capacity * sizeof(int*))),
            Outputs = Allocate<sbyte>(capacity),
        };
        for (var row = 0; row < capacity; row++)
        {
            batch.SequenceCounts[row] = 1;
            batch.Sequences[row] = Allocate<int>(1);
        }
    }

    /// <summary>Puts a row into the next <see cref="Run"/>.</summary>
    public void Add(int sequence, int position, int token, bool output)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(count, capacity);
        batch.Tokens[count] = token;
        batch.Positions[count] = position;
        *batch.Sequences[count] = sequence;
        batch.Outputs[count] = output ? (sbyte)1 : (sbyte)0;
        count++;
    }

    /// <summary>Computes the rows that were added.</summary>
    public void Run()
    {
        var full = batch;
        full.Count = count;
        count = 0;
        var code = NativeMethods.Decode(handle, full);
        if (code != 0)
            throw new InvalidOperationException($"llama_decode answers {code}.");
    }

    /// <summary>Logits of a row of the last run that had an output.</summary>
    public ReadOnlySpan<float> Logits(int row) => new(NativeMethods.Logits(handle, row), vocabularySize);

    /// <summary>Forgets a sequence from a position on.</summary>
    public void Truncate(int sequence, int position) => NativeMethods.RemoveTokens(NativeMethods.Memory(handle), sequence, position, -1);

    public void Clear() => NativeMethods.ClearMemory(NativeMethods.Memory(handle), data: false);

    public void Dispose()
    {
        NativeMethods.FreeContext(handle);
        for (var row = 0; row < capacity; row++)
            NativeMemory.Free(batch.Sequences[row]);
        NativeMemory.Free(batch.Tokens);
        NativeMemory.Free(batch.Positions);
        NativeMemory.Free(batch.SequenceCounts);
        NativeMemory.Free(batch.Sequences);
        NativeMemory.Free(batch.Outputs);
    }

    private static T* Allocate<T>(int length)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)(length * sizeof(T)));
}
