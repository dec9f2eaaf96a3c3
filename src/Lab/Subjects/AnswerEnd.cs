namespace Penstock.Lab.Subjects;

/// <summary>How the asking of a <see cref="Question"/> ended.</summary>
public enum AnswerEnd
{
    /// <summary>The whole answer is there.</summary>
    Whole,

    /// <summary>The asker left.</summary>
    Left,

    /// <summary>The subject is full or not ready; the same question may be answered later.</summary>
    Busy,

    /// <summary>The subject does not take such a question.</summary>
    Refused,

    /// <summary>The subject or the way to it failed.</summary>
    Failed,
}
