using Penstock.Models.Gguf;

namespace Penstock.Models.Random;

/// <summary>What a random model of an architecture has that one of llama has not: the tensors, and keys with the values of a published model.</summary>
internal sealed record RandomArchitecture
{
    private static readonly Dictionary<string, RandomArchitecture> Known = new(StringComparer.Ordinal)
    {
        ["llama"] = new() { Keys = options => options.Window > 0 ? [new("attention.sliding_window", (uint)options.Window)] : [] },
        ["qwen2"] = new() { Biases = true },
        ["qwen3"] = new() { HeadNorms = true },
        ["qwen3moe"] = new() { HeadNorms = true, Experts = true },
        ["smollm3"] = new(),
        ["gemma"] = new() { Tied = true },
        ["gemma2"] = new()
        {
            PostNorms = true,
            Tied = true,
            Keys = options =>
            [
                new("attention.sliding_window", (uint)(options.Window > 0 ? options.Window : 4_096)),
                new("attn_logit_softcapping", 50f),
                new("final_logit_softcapping", 30f),
            ],
        },
        ["gemma3"] = new()
        {
            PostNorms = true,
            HeadNorms = true,
            Tied = true,
            Keys = options => [new("attention.sliding_window", (uint)(options.Window > 0 ? options.Window : 512))],
        },
        ["phi3"] = new() { Fused = true },
        ["granite"] = new()
        {
            Keys = options =>
            [
                new("embedding_scale", 12f),
                new("residual_scale", 0.22f),
                new("attention.scale", 1f / options.ResolvedHeadWidth),
                new("logit_scale", 8f),
            ],
        },
    };

    /// <summary>The architectures that can be made.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Queries, keys and values have biases.</summary>
    public bool Biases { get; init; }

    /// <summary>Each query and key head is normed.</summary>
    public bool HeadNorms { get; init; }

    /// <summary>Both halves of a layer end with a norm.</summary>
    public bool PostNorms { get; init; }

    /// <summary>Queries, keys and values lie in one matrix, gate and up in another.</summary>
    public bool Fused { get; init; }

    /// <summary>The embeddings are the output too, whatever the options say.</summary>
    public bool Tied { get; init; }

    /// <summary>There are experts, whatever the options say.</summary>
    public bool Experts { get; init; }

    /// <summary>Keys without the architecture's prefix.</summary>
    public Func<RandomModelOptions, IEnumerable<KeyValuePair<string, GgufValue>>> Keys { get; init; } = _ => [];

    /// <exception cref="ArgumentException">Nobody here knows that architecture.</exception>
    public static RandomArchitecture Of(RandomModelOptions options) => Known.TryGetValue(options.Architecture, out var known)
        ? known
        : throw new ArgumentException($"Random models are of the architectures {string.Join(", ", Names)}, not {options.Architecture}.", nameof(options));
}
