namespace Penstock.Engine.Cpu.Attention;

/// <summary>A part of a step's attention that one thread computes: some rows of one sequence by some query heads.</summary>
/// <param name="Sequence">Whose keys and values.</param>
/// <param name="Position">Of the first row.</param>
/// <param name="Row">The first row, in the step.</param>
/// <param name="Rows">Rows, at neighbouring positions.</param>
/// <param name="FirstHead">The first query head.</param>
/// <param name="Heads">Query heads; those of several KV heads are computed one KV head after the other.</param>
internal readonly record struct AttentionTile(int Sequence, int Position, int Row, int Rows, int FirstHead, int Heads);
