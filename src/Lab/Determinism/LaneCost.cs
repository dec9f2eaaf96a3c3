namespace Penstock.Lab.Determinism;

/// <summary>Throughput without and with determinism. The property names are the JSON's.</summary>
/// <param name="Rounds">Rounds of each.</param>
/// <param name="PlainTokensPerS">Median output tokens a second without.</param>
/// <param name="LaneTokensPerS">Median output tokens a second with; null where determinism is not asked for.</param>
/// <param name="Ratio">Median over the pairs of rounds of with / without.</param>
public sealed record LaneCost(int Rounds, double PlainTokensPerS, double? LaneTokensPerS, double? Ratio);
