using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.Engine.Llama.Native;

namespace Penstock.Engine.Llama.Contexts;

/// <summary>The rows of one call, in pinned arrays that <c>llama_batch</c> points into. Reused from call to call.</summary>
internal sealed unsafe class BatchRows
{
    private readonly int[] tokens;
    private readonly int[] positions;
    private readonly int[] sequenceCounts;
    private readonly int[] sequences;
    private readonly nint[] sequencePointers;
    private readonly sbyte[] outputs;

    public BatchRows(int capacity)
    {
        tokens = GC.AllocateArray<int>(capacity, pinned: true);
        positions = GC.AllocateArray<int>(capacity, pinned: true);
        sequenceCounts = GC.AllocateArray<int>(capacity, pinned: true);
        sequences = GC.AllocateArray<int>(capacity, pinned: true);
        sequencePointers = GC.AllocateArray<nint>(capacity, pinned: true);
        outputs = GC.AllocateArray<sbyte>(capacity, pinned: true);
        sequenceCounts.AsSpan().Fill(1);
        for (var row = 0; row < capacity; row++)
            sequencePointers[row] = (nint)(Start(sequences) + row);
    }

    public int Count { get; private set; }

    public int OutputCount { get; private set; }

    public int Capacity => tokens.Length;

    public void Clear() => (Count, OutputCount) = (0, 0);

    public void Add(int sequence, int position, int token, bool output)
    {
        sequences[Count] = sequence;
        positions[Count] = position;
        tokens[Count] = token;
        outputs[Count] = output ? (sbyte)1 : (sbyte)0;
        Count++;
        OutputCount += output ? 1 : 0;
    }

    public bool HasOutput(int row) => (uint)row < (uint)Count && outputs[row] != 0;

    /// <summary>Valid while this object lives.</summary>
    public NativeBatch ToNative() => new()
    {
        Count = Count,
        Tokens = Start(tokens),
        Positions = Start(positions),
        SequenceCounts = Start(sequenceCounts),
        Sequences = (int**)Start(sequencePointers),
        Outputs = Start(outputs),
    };

    private static T* Start<T>(T[] pinned)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
