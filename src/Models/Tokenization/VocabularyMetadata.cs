using System.Collections.Immutable;
using System.Globalization;
using Penstock.Models.Gguf;

namespace Penstock.Models.Tokenization;

/// <summary>What a GGUF file says about its vocabulary, lengths checked; what it leaves unsaid is decided elsewhere.</summary>
internal sealed record VocabularyMetadata
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>The file, for errors.</summary>
    public required string Path { get; init; }

    /// <summary>The kind of tokenizer: <c>gpt2</c>, <c>llama</c> and others.</summary>
    public required string Model { get; init; }

    /// <summary>How text is cut into words; files from before mid-2024 do not say.</summary>
    public string? PreTokenizer { get; init; }

    /// <summary><c>general.name</c>: a few models are known by it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The tokens as they are written in the file, by id.</summary>
    public required ImmutableArray<string> Tokens { get; init; }

    /// <summary>A score a token, or empty.</summary>
    public ImmutableArray<float> Scores { get; init; } = [];

    /// <summary>A <see cref="TokenKind"/> a token, or empty: all normal.</summary>
    public ImmutableArray<int> Kinds { get; init; } = [];

    /// <summary>Pairs that merge, soonest first.</summary>
    public ImmutableArray<string> Merges { get; init; } = [];

    /// <summary>The ids that the file gives, by their key's last part (<c>bos_token_id</c>).</summary>
    public ImmutableDictionary<string, int> Ids { get; init; } = ImmutableDictionary<string, int>.Empty;

    public bool? AddsBos { get; init; }

    public bool? AddsEos { get; init; }

    public bool? AddsSpacePrefix { get; init; }

    /// <exception cref="GgufException">No vocabulary, or its parts do not fit together.</exception>
    public static VocabularyMetadata Read(GgufFile file)
    {
        var metadata = file.Metadata;
        var tokens = metadata.Strings(Prefix + "tokens");
        var result = new VocabularyMetadata
        {
            Path = file.Path,
            Model = metadata.String(Prefix + "model"),
            PreTokenizer = metadata.StringOrDefault(Prefix + "pre"),
            Name = metadata.StringOrDefault("general.name") ?? "",
            Tokens = tokens,
            Scores = metadata.Float32sOrDefault(Prefix + "scores"),
            Kinds = metadata.Int32sOrDefault(Prefix + "token_type"),
            Merges = metadata.StringsOrDefault(Prefix + "merges"),
            Ids = SpecialTokens.IdKeys.Select(key => (Key: key, Id: TokenId(metadata, Prefix + key))).Where(pair => pair.Id >= 0).ToImmutableDictionary(pair => pair.Key, pair => pair.Id),
            AddsBos = Flag("add_bos_token"),
            AddsEos = Flag("add_eos_token"),
            AddsSpacePrefix = Flag("add_space_prefix"),
        };
        return result.Checked();

        bool? Flag(string key) => metadata.Contains(Prefix + key) ? metadata.Bool(Prefix + key) : null;
    }

    /// <summary>The id, or -1: some converters write 2^32-1 for "none".</summary>
    private static int TokenId(GgufMetadata metadata, string key) =>
        metadata.TryGet(key, out var value) && int.TryParse(value?.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) ? id : -1;

    private VocabularyMetadata Checked()
    {
        if (Tokens.Length == 0)
            throw new GgufException(Path, "its vocabulary has no tokens", "Convert the model again with its tokenizer files beside it.");
        RequireOneEach("scores", Scores.Length);
        RequireOneEach("token_type", Kinds.Length);
        return this;
    }

    private void RequireOneEach(string key, int length)
    {
        if (length != 0 && length < Tokens.Length)
            throw new GgufException(Path, $"{Prefix}{key} has {length} entries for {Tokens.Length} tokens", "The file is damaged or was converted wrongly; convert the model again.");
    }
}
