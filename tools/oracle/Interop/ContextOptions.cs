namespace Penstock.Tools.Oracle.Interop;

/// <summary>How llama.cpp computes.</summary>
/// <param name="Tokens">Context of one sequence.</param>
/// <param name="Threads">Threads, with a pool of their own.</param>
/// <param name="Sequences">Sequences at a time, each with its own KV.</param>
/// <param name="Chunk">Most rows in one call, and in one pass through the layers.</param>
/// <param name="Exact">KV in 32-bit floats and no flash attention: what is left is the arithmetic of the weights' type.</param>
internal sealed record ContextOptions(int Tokens, int Threads, int Sequences = 1, int Chunk = 512, bool Exact = false);
