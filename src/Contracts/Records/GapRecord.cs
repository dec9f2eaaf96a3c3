using Penstock.Contracts.Requests;

namespace Penstock.Contracts.Records;

/// <summary>The gaps of one request that exceeded the model's target, counted by cause.</summary>
public sealed record GapRecord
{
    public static GapRecord None { get; } = new();

    /// <summary>The target that they are measured against; zero when there is none.</summary>
    public TimeSpan Target { get; init; }

    /// <summary>Gaps over the target: one count for each <see cref="GapCause"/>, in the order of its values; empty when there were none.</summary>
    public IReadOnlyList<int> Counts { get; init; } = [];

    /// <summary>The cause of the largest gap; null when no gap exceeded the target.</summary>
    public GapCause? LargestCause { get; init; }

    /// <summary>For <see cref="GapCause.Prefill"/>: the class of the request whose prompt it was, for the largest gap.</summary>
    public ServiceClass? LargestCauseClass { get; init; }
}
