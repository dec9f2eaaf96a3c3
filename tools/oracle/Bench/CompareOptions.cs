namespace Penstock.Tools.Oracle.Bench;

/// <summary>How engines are compared.</summary>
/// <param name="Rounds">Measured rounds, after one that is not.</param>
/// <param name="SearchTime">How long to look for llama.cpp's best setting for each workload; zero = its defaults.</param>
/// <param name="Variants">Builds of its CPU backend to try; the first is its own choice.</param>
internal sealed record CompareOptions(int Rounds, TimeSpan SearchTime, IReadOnlyList<string> Variants);
