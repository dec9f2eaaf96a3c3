using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Penstock.Models.Tokenization;

/// <summary>Which tokens mean something beyond their text. The file names some; others are known by how they are written, as in llama.cpp.</summary>
/// <param name="Bos">Beginning of sequence.</param>
/// <param name="Eos">End of sequence.</param>
/// <param name="Unknown">Stands for what the vocabulary cannot write.</param>
/// <param name="EndsGeneration">Tokens that end a generation.</param>
internal sealed record SpecialTokens(int? Bos, int? Eos, int? Unknown, FrozenSet<int> EndsGeneration)
{
    /// <summary>The keys of <see cref="VocabularyMetadata.Ids"/>.</summary>
    public static readonly ImmutableArray<string> IdKeys =
    [
        "bos_token_id", "eos_token_id", "eot_token_id", "eom_token_id", "unknown_token_id",
        "fim_pre_token_id", "fim_suf_token_id", "fim_mid_token_id", "fim_pad_token_id", "fim_rep_token_id", "fim_sep_token_id",
        "prefix_token_id", "suffix_token_id", "middle_token_id",
    ];

    private static readonly ImmutableArray<string> EndNames =
    [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>",
        "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[",
    ];

    /// <summary>Harmony's channel marks carry structure that the reader of the output needs, so they are shown.</summary>
    private static readonly ImmutableArray<string> ShownNames = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"];

    /// <summary>Fill-in-the-middle: (key, older key, names, whether the token ends a generation).</summary>
    private static readonly ImmutableArray<(string Key, string? OlderKey, string[] Names, bool Ends)> FillInTheMiddle =
    [
        ("fim_pre_token_id", "prefix_token_id", ["<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>", "<|prefix|>"], false),
        ("fim_suf_token_id", "suffix_token_id", ["<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>", "<|suffix|>"], false),
        ("fim_mid_token_id", "middle_token_id", ["<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>", "<|code_middle|>", "<|middle|>"], false),
        ("fim_pad_token_id", null, ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"], true),
        ("fim_rep_token_id", null, ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"], true),
        ("fim_sep_token_id", null, ["<|file_sep|>"], true),
    ];

    /// <summary>Finds them.</summary>
    /// <param name="metadata">What the file says.</param>
    /// <param name="byText">Token ids by their text.</param>
    /// <param name="defaults">BOS, EOS and unknown where the file names none; ids beyond the vocabulary count as none.</param>
    /// <param name="kinds">Corrected: a token that is known to be special is a control token whatever the file says.</param>
    public static SpecialTokens Find(
        VocabularyMetadata metadata, IReadOnlyDictionary<string, int> byText, (int? Bos, int? Eos, int? Unknown) defaults, Span<TokenKind> kinds)
    {
        var ends = new HashSet<int>();
        foreach (var (key, olderKey, names, endsGeneration) in FillInTheMiddle)
        {
            var id = Named(key) ?? (olderKey is null ? null : Named(olderKey));
            if (id is null && names.Where(byText.ContainsKey).Select(name => byText[name]).Order().Cast<int?>().FirstOrDefault() is { } found)
            {
                id = found;
                kinds[found] = TokenKind.Control;
            }

            if (endsGeneration && id is { } end)
                ends.Add(end);
        }

        foreach (var name in EndNames)
        {
            if (byText.TryGetValue(name, out var id))
            {
                ends.Add(id);
                kinds[id] = TokenKind.Control;
            }
        }

        foreach (var name in ShownNames)
        {
            if (byText.TryGetValue(name, out var id))
                kinds[id] = TokenKind.UserDefined;
        }

        var eos = Named("eos_token_id") ?? InRange(defaults.Eos);
        foreach (var id in new[] { eos, Named("eot_token_id"), Named("eom_token_id") })
        {
            if (id is { } end)
                ends.Add(end);
        }

        if (Ends("<|end|>") && ((Ends("<|return|>") && (Ends("<|call|>") || Ends("<|calls|>"))) || (Ends("<|flush|>") && (Ends("<|call|>") || Ends("<|calls|>")))))
            Continue("<|end|>", TokenKind.UserDefined, kinds);
        if (Ends("<|tool_response>") && Ends("</s>"))
            Continue("</s>", TokenKind.Normal, kinds);

        return new SpecialTokens(Named("bos_token_id") ?? InRange(defaults.Bos), eos, Named("unknown_token_id") ?? InRange(defaults.Unknown), ends.ToFrozenSet());

        int? Named(string key) => metadata.Ids.TryGetValue(key, out var id) ? InRange(id) : null;
        int? InRange(int? id) => id >= 0 && id < metadata.Tokens.Length ? id : null;
        bool Ends(string name) => byText.TryGetValue(name, out var id) && ends.Contains(id);
        void Continue(string name, TokenKind kind, Span<TokenKind> all)
        {
            ends.Remove(byText[name]);
            all[byText[name]] = kind;
        }
    }
}
