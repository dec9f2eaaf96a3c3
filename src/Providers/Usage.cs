namespace Penstock.Providers;

/// <summary>What a provider says that it counted. Null where it did not say: never 0 for want of a figure.</summary>
internal readonly record struct Usage
{
    public int? Prompt { get; init; }

    /// <summary>Prompt tokens that it had in a cache, of <see cref="Prompt"/>.</summary>
    public int Cached { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public int? Output { get; init; }

    /// <summary>Output tokens that were reasoning.</summary>
    public int Reasoning { get; init; }
}
