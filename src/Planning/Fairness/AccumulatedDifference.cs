namespace Penstock.Planning.Fairness;

/// <summary>Difference of the service since the warm-up, in weighted tokens.</summary>
public sealed record AccumulatedDifference(double Max, double End);
