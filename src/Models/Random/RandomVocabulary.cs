using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;

namespace Penstock.Models.Random;

/// <summary>
/// A valid byte-level BPE vocabulary of any size: control tokens, all 256 bytes, then merges of letters to pairs, of pairs to
/// syllables and of a space with these, so that words take about as many tokens as with a trained vocabulary.
/// </summary>
public static class RandomVocabulary
{
    /// <summary>ChatML, in the words of Qwen's and many other models.</summary>
    public const string ChatMl =
        "{%- for message in messages -%}\n{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' -}}\n{%- endfor -%}\n"
        + "{%- if add_generation_prompt -%}\n{{- '<|im_start|>assistant\\n' -}}\n{%- endif -%}";

    private const char Space = 'Ġ'; // the byte 0x20 in GPT-2's alphabet

    private static readonly string[] Controls = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

    /// <summary>The control tokens and the bytes.</summary>
    public static int SmallestSize => Controls.Length + 256;

    /// <summary>About half of the syllables that there are, so that a new one is found in two draws.</summary>
    public const int LargestSize = 500_000;

    internal static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(RandomModelOptions options)
    {
        var (tokens, merges) = Make(options.VocabularySize, options.Seed);
        var kinds = new int[tokens.Count];
        for (var i = 0; i < kinds.Length; i++)
            kinds[i] = (int)(i < Controls.Length ? TokenKind.Control : TokenKind.Normal);

        yield return new("tokenizer.ggml.model", "gpt2");
        yield return new("tokenizer.ggml.pre", "gpt-2");
        yield return new("tokenizer.ggml.tokens", tokens.ToArray());
        yield return new("tokenizer.ggml.token_type", kinds);
        yield return new("tokenizer.ggml.merges", merges.ToArray());
        yield return new("tokenizer.ggml.bos_token_id", 0u);
        yield return new("tokenizer.ggml.eos_token_id", 0u);
        yield return new("tokenizer.ggml.eot_token_id", 2u);
        yield return new("tokenizer.ggml.padding_token_id", 0u);
        yield return new("tokenizer.ggml.add_bos_token", false);
        if (options.ChatTemplate is { } template)
            yield return new("tokenizer.chat_template", template);
    }

    private static (List<string> Tokens, List<string> Merges) Make(int size, ulong seed)
    {
        var tokens = new List<string>(size);
        tokens.AddRange(Controls);
        tokens.AddRange(ByteAlphabet());
        var merges = new List<string>(size);
        var known = new HashSet<string>(tokens, StringComparer.Ordinal);

        var letters = Enumerable.Range('a', 26).Select(letter => ((char)letter).ToString()).ToArray();
        var pairs = (from first in letters from second in letters select (first, second)).ToArray();
        foreach (var letter in letters)
            Merge(Space.ToString(), letter);
        foreach (var (first, second) in pairs)
            Merge(first, second);
        foreach (var (first, second) in pairs)
            Merge(Space + first, second);

        var random = new SplitMix64(seed);
        while (tokens.Count < size)
        {
            var (first, second) = (pairs[random.Below(pairs.Length)], pairs[random.Below(pairs.Length)]);
            Merge(first.first + first.second, second.first + second.second);
            Merge(Space + first.first + first.second, second.first + second.second);
        }

        return (tokens, merges);

        void Merge(string left, string right)
        {
            if (tokens.Count == size || !known.Add(left + right))
                return;
            tokens.Add(left + right);
            merges.Add($"{left} {right}");
        }
    }

    /// <summary>GPT-2's printable stand-ins for the bytes: Latin-1's printable characters stand for themselves, the others follow from U+0100.</summary>
    private static IEnumerable<string> ByteAlphabet()
    {
        var next = 0x100;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is >= '!' and <= '~' or >= 0xa1 and <= 0xac or >= 0xae and <= 0xff;
            yield return ((char)(printable ? value : next++)).ToString();
        }
    }
}
