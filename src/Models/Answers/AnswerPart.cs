namespace Penstock.Models.Answers;

/// <summary>What a piece of an answer is.</summary>
public enum AnswerPart
{
    /// <summary>Text for the reader.</summary>
    Content,

    /// <summary>Thinking before it.</summary>
    Reasoning,

    /// <summary>A call of a tool.</summary>
    Call,
}
