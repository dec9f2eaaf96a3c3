namespace Penstock.Routing.Breakers;

/// <summary>When a target counts as broken. Immutable.</summary>
public sealed record BreakerPolicy
{
    public static BreakerPolicy Default { get; } = new();

    /// <summary>The time over which calls are judged. Default 30 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Fewer calls than this within the window say nothing. Default 5.</summary>
    public int FewestCalls { get; init; } = 5;

    /// <summary>The share of failures at which it opens. Default one half.</summary>
    public double FailureRate { get; init; } = 0.5;

    /// <summary>How long it stays open at first; twice as long each time that its probe fails. Default 5 s.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that it stays open. Default 60 s.</summary>
    public TimeSpan OpenForAtMost { get; init; } = TimeSpan.FromSeconds(60);
}
