namespace Penstock.Models.Answers;

/// <summary>A piece of an answer, in order.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Text">Its bytes; for a call without <paramref name="Call"/>: more of the arguments of the last one.</param>
/// <param name="Call">The call, when one begins: with its arguments, or as many of them as there are.</param>
public readonly record struct AnswerPiece(AnswerPart Part, ReadOnlyMemory<byte> Text, WrittenCall? Call);
