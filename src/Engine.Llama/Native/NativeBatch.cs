using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary><c>llama_batch</c>: one entry a row in each array.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeBatch
{
    public int Count;
    public int* Tokens;
    public float* Embeddings;
    public int* Positions;
    public int* SequenceCounts;
    public int** Sequences;
    public sbyte* Outputs;
}
