using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Ledger.Latency;

/// <summary>The waiting of a group of requests.</summary>
public sealed record LatencySummary
{
    /// <summary>The class, tenant or model; empty for all.</summary>
    public required string Name { get; init; }

    public required long Requests { get; init; }

    /// <summary>From receipt to the flush of the first token, over the requests that had one.</summary>
    public required Waits FirstToken { get; init; }

    /// <summary>Each request's largest gap between two tokens of a choice, over the requests that had one.</summary>
    public required Waits LargestGap { get; init; }

    /// <summary>How often requests gave way to a higher class.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Gaps over their model's target, by cause.</summary>
    public required IReadOnlyDictionary<GapCause, long> Causes { get; init; }

    /// <summary>Of the requests whose largest gap over the target was another's prompt: the class that this prompt had.</summary>
    public required IReadOnlyDictionary<ServiceClass, long> PrefillClasses { get; init; }

    /// <summary>Gaps over the target, of all causes.</summary>
    public long GapsOverTarget => Causes.Values.Sum();
}
