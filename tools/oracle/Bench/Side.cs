namespace Penstock.Tools.Oracle.Bench;

/// <summary>One measure of a comparison: medians over the rounds.</summary>
/// <param name="Penstock">Tokens a second; null when it was not measured.</param>
/// <param name="LlamaCpp">The same of llama.cpp, in the setting that is best by this measure.</param>
/// <param name="Ratio">Median of the rounds' ratios.</param>
/// <param name="Setting">That setting.</param>
internal sealed record Side(double? Penstock, double? LlamaCpp, double? Ratio, string? Setting);
