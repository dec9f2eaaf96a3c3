namespace Penstock.Benchmarks.Load.Clients;

/// <summary>One answered request.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="First">Seconds to its first token; 0 = none.</param>
/// <param name="Whole">Seconds to its end.</param>
internal readonly record struct Exchange(int Status, double First, double Whole);
