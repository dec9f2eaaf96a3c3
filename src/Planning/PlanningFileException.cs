namespace Penstock.Planning;

/// <summary>A trace or a cost profile that cannot be used. The message is for people: file, line, what is wrong, what is allowed.</summary>
public sealed class PlanningFileException : Exception
{
    /// <param name="file">The file.</param>
    /// <param name="problem">What is wrong and what is allowed, without a full stop.</param>
    /// <param name="line">Line from 1, when it is one.</param>
    public PlanningFileException(string file, string problem, int? line = null)
        : base($"{file}{(line is { } number ? $", line {number}" : "")}: {problem}.") => Line = line;

    /// <summary>Line from 1, when it is one.</summary>
    public int? Line { get; }
}
