namespace Penstock.Lab.Determinism;

/// <summary>Throughput with and without determinism. The property names are the JSON's.</summary>
/// <param name="Rounds">Pairs of rounds.</param>
/// <param name="PlainTokensPerS">Median output tokens a second without.</param>
/// <param name="LaneTokensPerS">Median output tokens a second with.</param>
/// <param name="Ratio">Median over the pairs of with / without.</param>
public sealed record LaneCost(int Rounds, double PlainTokensPerS, double LaneTokensPerS, double Ratio);
