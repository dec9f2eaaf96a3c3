namespace Penstock.Planning.Fairness;

/// <summary>How unequal service was at a time.</summary>
/// <param name="AtS">Seconds from the first arrival.</param>
/// <param name="Service">The service difference of the window around it, in weighted tokens a second.</param>
/// <param name="Accumulated">The tenant with the most service since the warm-up less the one with the least, in weighted tokens.</param>
public readonly record struct DifferencePoint(double AtS, double Service, double Accumulated);
