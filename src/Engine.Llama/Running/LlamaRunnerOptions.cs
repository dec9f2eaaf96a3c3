namespace Penstock.Engine.Llama.Running;

/// <summary>How a <see cref="LlamaModelRunner"/> uses the machine. The defaults work.</summary>
public sealed class LlamaRunnerOptions
{
    /// <summary>The folder of llama.cpp's libraries; null = where <see cref="LibraryFolder"/> finds them.</summary>
    public string? Libraries { get; init; }

    /// <summary>Threads that compute a step, the caller's included; 0 = one for each processor. Results differ between numbers of threads.</summary>
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

    /// <summary>Most sequences at a time, up to the library's bound of 256.</summary>
    public int MaxSequences { get; init; } = 64;
}
