namespace Penstock.Engine.Scheduling;

/// <summary>What a token counts as service (VTC, Sheng et al. 2024, section 3.1): a computed prompt token, a sampled one, and a prompt token that was cached.</summary>
public readonly record struct ServiceWeights(double Prompt, double Output, double Cached)
{
    public static ServiceWeights Default { get; } = new(1, 2, 0.1);
}
