namespace Penstock.Planning.Fairness;

/// <summary>Service difference in weighted tokens a second.</summary>
public sealed record DifferenceOverTime(double Max, double Mean);
