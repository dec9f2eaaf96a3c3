namespace Penstock.Lab.Determinism;

/// <summary>What the neighbours did, so that one sees whether the crowd was one. The property names are the JSON's.</summary>
/// <param name="Finished">Neighbours whose whole answer came.</param>
/// <param name="Left">Neighbours that left.</param>
/// <param name="Busy">Neighbours turned away because the server was full.</param>
/// <param name="Failed">Neighbours refused or failed for other reasons.</param>
/// <param name="CachedPromptTokens">Prompt tokens of the measured requests that a cached prefix gave them.</param>
/// <param name="Preemptions">How often a request gave way to another meanwhile; null where the server does not tell.</param>
public sealed record CrowdReport(int Finished, int Left, int Busy, int Failed, long CachedPromptTokens, long? Preemptions);
