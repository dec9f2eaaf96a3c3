namespace Penstock.Cli.Lab.Constraining;

/// <summary>One thing that did not come out right.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Test">The test's number, and its group's before it where there are groups; null where the schema was refused.</param>
/// <param name="Kind"><c>compile</c>, <c>validation</c> (a valid instance refused), <c>invalidation</c> (an invalid one accepted), <c>timeout</c> or <c>crash</c>.</param>
/// <param name="Why">The reason; for an accepted instance what the data says of it.</param>
internal sealed record Failure(string File, string? Test, string Kind, string? Why);
