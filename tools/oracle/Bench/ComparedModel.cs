namespace Penstock.Tools.Oracle.Bench;

/// <summary>What was measured with one file.</summary>
internal sealed record ComparedModel(string Model, IReadOnlyList<ComparedWorkload> Workloads, IReadOnlyList<BesideNeighbour> BesideNeighbour);
