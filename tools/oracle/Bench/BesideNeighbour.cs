namespace Penstock.Tools.Oracle.Bench;

/// <summary>An engine's steps with the machine to itself and with another process on one of its cores.</summary>
/// <param name="Threads">Threads of the engine.</param>
/// <param name="Workload">The workload's name.</param>
/// <param name="Engine">Which engine, with llama.cpp's setting.</param>
/// <param name="QuietMedianMs">Median step alone.</param>
/// <param name="BesideP95Ms">95% of the steps beside the other process are not longer.</param>
/// <param name="Ratio">One over the other.</param>
internal sealed record BesideNeighbour(int Threads, string Workload, string Engine, double QuietMedianMs, double BesideP95Ms, double Ratio);
