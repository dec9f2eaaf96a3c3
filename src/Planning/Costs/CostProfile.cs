using Penstock.Engine.Scheduling.Cost;

namespace Penstock.Planning.Costs;

/// <summary>A machine and a model as the scheduler sees them: what a step takes, and what fits.</summary>
/// <param name="Coefficients">Seconds of a step.</param>
/// <param name="KvTokens">Tokens whose KV fits.</param>
/// <param name="Fit">How far the coefficients are from what they were fitted to; null = they were given.</param>
public sealed record CostProfile(StepCoefficients Coefficients, int KvTokens, CostFit? Fit = null)
{
    /// <summary>Most rows of a step.</summary>
    public int MaxRows { get; init; } = 4096;

    /// <summary>Most sequences at a time; null = as many as there are KV blocks, at most 1,024.</summary>
    public int? MaxSequences { get; init; }
}
