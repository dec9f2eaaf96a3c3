namespace Penstock.Engine.Adapters;

/// <summary>An adapter that a model has, for people.</summary>
public sealed record AdapterDescription
{
    public required string Name { get; init; }

    /// <summary>Of its file's content.</summary>
    public required string Digest { get; init; }

    /// <summary>What it adds to the model's fingerprint at its own scale.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>For requests that name none.</summary>
    public required float Scale { get; init; }

    /// <summary>The largest rank of its matrices.</summary>
    public required int Rank { get; init; }

    public required long Parameters { get; init; }

    /// <summary>When it was loaded.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Requests that wait or run with it.</summary>
    public required int Requests { get; init; }

    /// <summary>Whether it takes no more requests and goes when its last has ended.</summary>
    public required bool Leaving { get; init; }
}
