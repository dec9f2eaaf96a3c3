namespace Penstock.Lab.Determinism;

/// <summary>How often and amid what one prompt is asked. Bounds are the caller's to check.</summary>
public sealed record DeterminismOptions
{
    /// <summary>Times that the prompt is asked, the first one alone. At least 2.</summary>
    public required int N { get; init; }

    public NeighbourLoad Load { get; init; } = NeighbourLoad.Mixed;

    /// <summary>Ask for determinism; else the honest count without it.</summary>
    public bool Deterministic { get; init; }

    public string Prompt { get; init; } = "Describe, one after another, what happens to a drop of water from the spring to the sea.";

    /// <summary>Most tokens of an answer; exactly as many from a server that knows <c>ignore_eos</c>. At least 1.</summary>
    public int OutputTokens { get; init; } = 100;

    /// <summary>0 = greedy.</summary>
    public float Temperature { get; init; }

    /// <summary>The measured requests' seed; null = none is sent, and a temperature above 0 then gives different answers by right.</summary>
    public long? Seed { get; init; }

    /// <summary>Measured requests at the same time under <see cref="NeighbourLoad.Mixed"/>. At least 1.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Neighbours at the same time under <see cref="NeighbourLoad.Mixed"/>. At least 1.</summary>
    public int Neighbours { get; init; } = 8;

    /// <summary>Most tokens or so of a neighbour's prompt; halved while the model refuses them as too long. At least 1.</summary>
    public int NeighbourPromptTokens { get; init; } = 400;

    /// <summary>Share of neighbours that leave before their answer ends, 0 to 1.</summary>
    public double LeaveRate { get; init; } = 0.3;

    /// <summary>Rounds that measure throughput without a crowd, each with and without determinism when it is asked for; 0 = none.</summary>
    public int CostRounds { get; init; }

    /// <summary>Of everything random: lengths, classes, who leaves and when.</summary>
    public int CrowdSeed { get; init; } = 1;
}
