using Penstock.Models.Gguf;

namespace Penstock.Models.Description;

/// <summary>What a decoder model is made of, read from its metadata and checked for sense. Immutable.</summary>
public sealed record ModelDescription
{
    /// <summary><c>general.architecture</c>, such as <c>llama</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary><c>general.name</c>, or the file's name without its ending.</summary>
    public required string Name { get; init; }

    /// <summary>Values in all tensors.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Most tokens of prompt and output together that the model was made for.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int EmbeddingWidth { get; init; }

    public required int LayerCount { get; init; }

    /// <summary>Query heads; a multiple of <see cref="KvHeadCount"/>.</summary>
    public required int HeadCount { get; init; }

    public required int KvHeadCount { get; init; }

    /// <summary>Width of a query or key head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Width of a value head; nearly always <see cref="HeadWidth"/>.</summary>
    public required int ValueHeadWidth { get; init; }

    /// <summary>Width of the feed-forward layer.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public required float NormEpsilon { get; init; }

    public required RopeDescription Rope { get; init; }

    public AttentionDescription Attention { get; init; } = new();

    public ScaleDescription Scales { get; init; } = new();

    /// <summary>Dimensions of each head that are rotated.</summary>
    public int RopeWidth => Rope.Width;

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The Jinja source in <c>tokenizer.chat_template</c>, or null.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Null where the file does not say.</summary>
    public PoolingType? PoolingType { get; init; }

    /// <summary>Null for a dense model.</summary>
    public ExpertDescription? Experts { get; init; }

    /// <summary>Bytes of keys and values of one token over all layers when they are kept as F16.</summary>
    public long BytesPerTokenF16 => 2L * LayerCount * KvHeadCount * (HeadWidth + ValueHeadWidth);

    /// <summary>Reads the description of any architecture that uses llama's key names.</summary>
    /// <exception cref="GgufException">A key is missing, has the wrong type or makes no sense; it is named.</exception>
    public static ModelDescription From(GgufFile file) => new DescriptionReader(file).Read();
}
