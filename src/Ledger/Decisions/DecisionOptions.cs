namespace Penstock.Ledger.Decisions;

/// <summary>How long decisions last.</summary>
public sealed class DecisionOptions
{
    /// <summary>How long a decision is kept after it was made. Default 24 h.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a claim lasts without <see cref="IDecisionStore.TendAsync"/>, where gateways share a store. Default 30 s.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);
}
