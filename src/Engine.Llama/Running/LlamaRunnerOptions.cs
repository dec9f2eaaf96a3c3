namespace Penstock.Engine.Llama.Running;

/// <summary>How a <see cref="LlamaModelRunner"/> uses the machine. The defaults work.</summary>
public sealed class LlamaRunnerOptions
{
    /// <summary>The folder of llama.cpp's libraries; null = where <see cref="LibraryFolder"/> finds them.</summary>
    public string? Libraries { get; init; }

    /// <summary>Threads that compute a step, the caller's included; 0 = one for each processor (a caller that knows the physical cores does better). Results differ between numbers of threads.</summary>
    public int Threads { get; init; }

    /// <summary>Layers to keep on a GPU, where the libraries have a backend for one; negative, the default, = all.</summary>
    public int GpuLayers { get; init; } = -1;

    /// <summary>
    /// Tokens whose KV fits in memory, over all sequences; 0 = what 1 GiB holds, but not more than eight times the model's context.
    /// llama.cpp takes the memory at once.
    /// </summary>
    public int KvTokens { get; init; }

    /// <summary>Most tokens of one sequence; 0 = the model's, or what the KV memory holds where that is less.</summary>
    public int ContextLength { get; init; }

    /// <summary>Most rows of one step.</summary>
    public int MaxRows { get; init; } = 512;

    /// <summary>Most sequences at a time, parked ones of a prefix cache included, up to the library's bound of 256; 0 = 256, or 8 with <see cref="Deterministic"/>.</summary>
    public int MaxSequences { get; init; }

    /// <summary>
    /// Every row in a call of its own, on cells of its sequence's own: then logits depend on the sequence's tokens alone. Prompts are read as slowly as answers
    /// are written, sequences do not gain from being computed together, prefixes are copied, and each sequence takes the memory of a whole context.
    /// </summary>
    public bool Deterministic { get; init; }
}
