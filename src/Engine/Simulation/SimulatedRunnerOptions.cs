namespace Penstock.Engine.Simulation;

/// <summary>The machine and the model that are simulated.</summary>
public sealed class SimulatedRunnerOptions
{
    public int VocabularySize { get; init; } = 256;

    public int EmbeddingWidth { get; init; } = 16;

    public int ContextLength { get; init; } = 512;

    public int MaxRows { get; init; } = 512;

    public int MaxSequences { get; init; } = 64;

    public int TotalBlocks { get; init; } = 256;

    /// <summary>The "weights": two runners with different ones give different logits and refuse each other's saved KV.</summary>
    public ulong Model { get; init; } = 1;

    /// <summary>Keep the KV blocks' books and compute nothing: logits are zeros. A step then costs no time of this machine that grows with its context.</summary>
    public bool BooksOnly { get; init; }

    public StepCost Cost { get; init; } = StepCost.SmallMachine;

    public IReadOnlyList<PlantedFault> Faults { get; init; } = [];
}
