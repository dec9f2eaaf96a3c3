using Penstock.Engine.Running;

namespace Penstock.Gateway.Hosting;

/// <summary>A model file to serve.</summary>
/// <param name="Path">The GGUF file.</param>
/// <param name="Name">The public name; null takes the file's <c>general.name</c>, else the file's name.</param>
/// <param name="Runner">What computes it.</param>
/// <param name="GapTarget">The longest time between two tokens of a stream that its engine aims at; null = 100 ms.</param>
public sealed record ModelOptions(string Path, string? Name = null, RunnerChoice Runner = RunnerChoice.Auto, TimeSpan? GapTarget = null)
{
    /// <summary>What its keys and values are kept as; null = F16.</summary>
    public KvType? KvType { get; init; }

    /// <summary>System prompts that are computed at start and kept for every tenant's chats.</summary>
    public IReadOnlyList<string> PinnedPrefixes { get; init; } = [];

    /// <summary>Whether llama.cpp, where it computes the model, runs it so that requests may ask for determinism; slower, see docs/llama-engine.md. The CPU engine always can.</summary>
    public bool Deterministic { get; init; }

    /// <summary>What the weights of its adapters are kept as; null = <see cref="AdapterType.Auto"/>.</summary>
    public AdapterType? AdapterType { get; init; }

    /// <summary>Adapters that are loaded with it.</summary>
    public IReadOnlyList<AdapterOptions> Adapters { get; init; } = [];

    /// <summary>How its engine schedules, as far as it differs from the other models'.</summary>
    public ModelScheduling Scheduling { get; init; } = new();
}
