namespace Penstock.Engine.Serving;

/// <summary>What an engine is doing. Each figure is current when it is read; together they may straddle a step.</summary>
public readonly record struct EngineStats
{
    /// <summary>Requests that have been admitted to steps and have not ended.</summary>
    public int Running { get; init; }

    /// <summary>Requests in the queue.</summary>
    public int Waiting { get; init; }

    /// <summary>KV blocks that nobody holds.</summary>
    public int FreeBlocks { get; init; }

    /// <summary>KV blocks of the prefix cache; running requests may hold some of them too.</summary>
    public int CachedBlocks { get; init; }

    /// <summary>KV blocks in all.</summary>
    public int TotalBlocks { get; init; }

    /// <summary>Steps computed since the start.</summary>
    public long Steps { get; init; }

    /// <summary>Tokens sampled since the start.</summary>
    public long SampledTokens { get; init; }

    /// <summary>Of the sampled tokens those that a constraint left no choice about: they cost no step.</summary>
    public long ForcedTokens { get; init; }

    /// <summary>Tokens sampled under a constraint's mask since the start.</summary>
    public long ConstrainedTokens { get; init; }

    /// <summary>The probability mass that masks removed, summed over <see cref="ConstrainedTokens"/>: divided by them, the mean resistance.</summary>
    public double RemovedProbability { get; init; }

    /// <summary>Prompt tokens computed since the start.</summary>
    public long PrefilledTokens { get; init; }

    /// <summary>Prompt tokens of ended requests that had been cached.</summary>
    public long CachedTokens { get; init; }
}
