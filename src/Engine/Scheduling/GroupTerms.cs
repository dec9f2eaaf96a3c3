using Penstock.Contracts.Requests;
using Penstock.Engine.Running;

namespace Penstock.Engine.Scheduling;

/// <summary>On whose account a group runs, and how urgently. Immutable.</summary>
public sealed record GroupTerms
{
    /// <summary>For no deadline.</summary>
    public const long Never = long.MaxValue;

    public static GroupTerms Default { get; } = new();

    /// <summary>Who is charged; null = an account that all such groups of a scheduler have together.</summary>
    public TenantAccount? Tenant { get; init; }

    public ServiceClass Class { get; init; } = ServiceClass.Standard;

    /// <summary>Order among a tenant's groups of one class: lower goes first.</summary>
    public int Priority { get; init; }

    /// <summary>When the answer must be complete, as a timestamp like the scheduler's <c>now</c>; <see cref="Never"/> = at any time.</summary>
    public long Deadline { get; init; } = Never;

    /// <summary>The adapter that computes it.</summary>
    public AdapterUse Adapter { get; init; }

    /// <summary>Who may share computed prefixes with whom: groups of equal domains and adapters do.</summary>
    public string PrefixDomain { get; init; } = "";
}
