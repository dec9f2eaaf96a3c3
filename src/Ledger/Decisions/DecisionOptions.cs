namespace Penstock.Ledger.Decisions;

/// <summary>How long decisions last.</summary>
public sealed class DecisionOptions
{
    /// <summary>How long a decision is kept after it was made. Default 24 h.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromHours(24);
}
