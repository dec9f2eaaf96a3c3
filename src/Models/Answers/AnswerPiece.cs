namespace Penstock.Models.Answers;

/// <summary>A piece of an answer, in order.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Text">Its bytes; empty for a call.</param>
/// <param name="Call">The call, when it is one.</param>
public readonly record struct AnswerPiece(AnswerPart Part, ReadOnlyMemory<byte> Text, WrittenCall? Call);
