namespace Penstock.Tools.Oracle.Bench;

/// <summary>Consecutive tokens of a sequence in a step; the last of them may want its logits.</summary>
internal readonly record struct Slice(int Sequence, int Position, int[] Tokens, bool Output);
