namespace Penstock.Models.Answers;

/// <summary>A tool call as a model wrote it.</summary>
/// <param name="Id">The id that it chose, or null.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">A JSON object, character by character as written.</param>
public sealed record WrittenCall(string? Id, string Name, string Arguments);
