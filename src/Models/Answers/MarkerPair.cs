namespace Penstock.Models.Answers;

/// <summary>Texts that a model writes around a part of its answer.</summary>
/// <param name="Open">Before it.</param>
/// <param name="Close">After it; null where nothing ends it.</param>
public sealed record MarkerPair(string Open, string? Close);
