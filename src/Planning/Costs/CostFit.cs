namespace Penstock.Planning.Costs;

/// <summary>Relative errors of the fitted durations against the measured ones.</summary>
/// <param name="Points">Measured durations.</param>
/// <param name="MeanError">Mean of the absolute relative errors, as a fraction.</param>
/// <param name="MaxError">The largest of them.</param>
public sealed record CostFit(int Points, double MeanError, double MaxError);
