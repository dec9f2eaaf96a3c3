namespace Penstock.Contracts.Requests;

/// <summary>What a request asks of the scheduler. Immutable.</summary>
public sealed record ServiceTerms
{
    public static ServiceTerms Default { get; } = new();

    public ServiceClass Class { get; init; } = ServiceClass.Standard;

    /// <summary>Order among the same tenant's requests of the same class: lower goes first. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>From receipt until the last token; null = none. A request that cannot be in time is refused at once.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Requests share cached prefixes only with requests of the same salt; null = the tenant's own.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>The answer must be the same bytes alone or in a crowd; refused where the target cannot promise it.</summary>
    public bool Deterministic { get; init; }
}
