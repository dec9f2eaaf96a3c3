namespace Penstock.Engine.Llama.Contexts;

/// <summary>The size of a context and how it computes.</summary>
/// <param name="Cells">KV cells, over all sequences; llama.cpp rounds up to a multiple of 256.</param>
/// <param name="Rows">Most rows of a call.</param>
/// <param name="Sequences">Sequence numbers run from 0 to this, exclusive.</param>
/// <param name="Outputs">Most outputs of a call; each costs memory for its logits.</param>
/// <param name="Threads">Threads that compute, the caller's included.</param>
/// <param name="Unified">One pool of cells that sequences share; else each sequence has <c>Cells / Sequences</c> of its own.</param>
/// <param name="Exact">KV in 32-bit floats and no flash attention: what is left is the arithmetic of the weights' type.</param>
internal sealed record ContextOptions(int Cells, int Rows, int Sequences, int Outputs, int Threads, bool Unified = true, bool Exact = false);
