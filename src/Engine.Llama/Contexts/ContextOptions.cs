namespace Penstock.Engine.Llama.Contexts;

/// <summary>The size of a context and how it computes.</summary>
/// <param name="Cells">KV cells, over all sequences; llama.cpp rounds up to a multiple of 256.</param>
/// <param name="Rows">Most rows of a call.</param>
/// <param name="Sequences">Sequence numbers run from 0 to this, exclusive.</param>
/// <param name="Outputs">Most outputs of a call; each costs memory for its logits.</param>
/// <param name="Threads">Threads that compute, the caller's included.</param>
/// <param name="Unified">One pool of cells that sequences share; else each sequence has <c>Cells / Sequences</c> of its own.</param>
internal sealed record ContextOptions(int Cells, int Rows, int Sequences, int Outputs, int Threads, bool Unified = true)
{
    /// <summary>Most rows of one pass through the layers. The library's default; memory for activations grows with it, speed does not.</summary>
    public int RowsAtOnce { get; init; } = 512;

    public FlashAttention Attention { get; init; } = FlashAttention.Auto;

    public KvCellType CellType { get; init; } = KvCellType.F16;

    /// <summary>How hard threads look for work before they sleep, 0 to 100.</summary>
    public int Polling { get; init; } = 50;

    /// <summary>Leaves no arithmetic but that of the weights' type: KV in 32-bit floats and no flash attention.</summary>
    public ContextOptions Exactly() => this with { Attention = FlashAttention.Off, CellType = KvCellType.F32 };
}
