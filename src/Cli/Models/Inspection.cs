using Penstock.Models.Description;
using Penstock.Models.Gguf;

namespace Penstock.Cli.Models;

/// <summary>The JSON of <c>models inspect</c>. A file that is no whole model (a vocabulary, an adapter) has no shape but the rest.</summary>
internal sealed record Inspection
{
    public string? Architecture { get; init; }

    public string? Name { get; init; }

    public required long Parameters { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>Number of tensors by type.</summary>
    public required IReadOnlyDictionary<string, int> Tensors { get; init; }

    public required long Bytes { get; init; }

    public long? KvBytesPerTokenF16 { get; init; }

    public int? ContextLength { get; init; }

    public int? Layers { get; init; }

    public int? EmbeddingWidth { get; init; }

    public int? FeedForwardWidth { get; init; }

    public int? Heads { get; init; }

    public int? KvHeads { get; init; }

    public int? HeadWidth { get; init; }

    public int? Vocabulary { get; init; }

    public string? Tokenizer { get; init; }

    public bool HasChatTemplate { get; init; }

    /// <summary>What it is if it is no model of its own; null for a model.</summary>
    public LoraAdapter? Adapter { get; init; }

    /// <summary>Why this is not a model that could be served, or null.</summary>
    public string? Problem { get; init; }

    public static Inspection Of(GgufFile file, string fingerprint)
    {
        ModelDescription? model = null;
        LoraAdapter? adapter = null;
        string? problem = null;
        try
        {
            adapter = LoraAdapter.Of(file);
            model = adapter is null ? ModelDescription.From(file) : null;
        }
        catch (GgufException error)
        {
            problem = error.Problem;
        }

        return new()
        {
            Architecture = file.Metadata.StringOrDefault("general.architecture"),
            Name = model?.Name ?? file.Metadata.StringOrDefault("general.name"),
            Parameters = file.Tensors.Sum(tensor => tensor.ElementCount),
            Fingerprint = fingerprint,
            Tensors = file.Tensors.GroupBy(tensor => tensor.Type).OrderBy(group => group.Key).ToDictionary(group => group.Key.Name(), group => group.Count(), StringComparer.Ordinal),
            Bytes = file.Length,
            KvBytesPerTokenF16 = model?.BytesPerTokenF16,
            ContextLength = model?.ContextLength,
            Layers = model?.LayerCount,
            EmbeddingWidth = model?.EmbeddingWidth,
            FeedForwardWidth = model?.FeedForwardWidth,
            Heads = model?.HeadCount,
            KvHeads = model?.KvHeadCount,
            HeadWidth = model?.HeadWidth,
            Vocabulary = model?.VocabularySize,
            Tokenizer = file.Metadata.StringOrDefault("tokenizer.ggml.model"),
            HasChatTemplate = file.Metadata.Contains("tokenizer.chat_template"),
            Adapter = adapter,
            Problem = problem,
        };
    }
}
