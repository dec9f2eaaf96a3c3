using System.Text;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;

namespace Penstock.Models.Tests.Tokenization;

public sealed class TokenizerFactoryTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("bert")]
    [InlineData("t5")]
    [InlineData("rwkv")]
    public void FromGguf_OtherKindOfVocabulary_IsRefusedByName(string model)
    {
        var error = Assert.Throws<GgufException>(() => Make(("tokenizer.ggml.model", model), ("tokenizer.ggml.tokens", new[] { "a" })));

        Assert.Contains($"'{model}'", error.Message);
    }

    [Fact]
    public void FromGguf_UnknownPreTokenizer_IsRefusedByNameWithThoseThatAreKnown()
    {
        var error = Assert.Throws<GgufException>(() => ByteLevel(["a"], ("tokenizer.ggml.pre", "nobodys")));

        Assert.Contains("'nobodys'", error.Message);
        Assert.Contains("llama-bpe", error.Message);
    }

    [Fact]
    public void FromGguf_FewerKindsThanTokens_IsRefused()
    {
        var error = Assert.Throws<GgufException>(() => ByteLevel(["a", "b"], ("tokenizer.ggml.token_type", new[] { 1 })));

        Assert.Contains("token_type", error.Message);
    }

    [Fact]
    public void FromGguf_EveryPreTokenizer_EncodesAndRoundTrips()
    {
        const string Text = "Hello, world! It's 12345 \t\n\n  naïve 日本語 𠮷🦙 ２３ end ";
        foreach (var name in TokenizerFactory.PreTokenizers)
        {
            var tokenizer = ByteLevel(AllBytes(), ("tokenizer.ggml.pre", name));

            Assert.Equal(Text, Encoding.UTF8.GetString(tokenizer.Decode(tokenizer.Encode(Text))));
        }
    }

    [Fact]
    public void Encode_LoneSurrogate_BecomesTheReplacementCharacter()
    {
        var tokenizer = ByteLevel(AllBytes());

        Assert.Equal("a\uFFFDb", Encoding.UTF8.GetString(tokenizer.Decode(tokenizer.Encode("a\uD83Eb"))));
        Assert.Equal("🦙\uFFFD", Encoding.UTF8.GetString(tokenizer.Decode(tokenizer.Encode("🦙\uDD99"))));
    }

    [Fact]
    public void Encode_ControlTokenInText_IsATokenOnlyWhenAskedFor()
    {
        var tokenizer = ByteLevel([.. AllBytes(), "<|im_end|>"], ("tokenizer.ggml.token_type", Enumerable.Repeat(1, 256).Append(3).ToArray()));

        Assert.Equal([256], tokenizer.Encode("<|im_end|>", parseSpecial: true));
        Assert.Equal(10, tokenizer.Encode("<|im_end|>").Length);
        Assert.True(tokenizer.EndsGeneration(256));
        Assert.Empty(tokenizer.Bytes(256).ToArray());
        Assert.Equal("<|im_end|>"u8.ToArray(), tokenizer.Bytes(256, special: true).ToArray());
    }

    [Fact]
    public void Encode_OverlappingUserDefinedTokens_TheLongestWinsNotTheFirst()
    {
        var tokenizer = ByteLevel([.. AllBytes(), "xab", "abcd"], ("tokenizer.ggml.token_type", Enumerable.Repeat(1, 256).Concat([4, 4]).ToArray()));

        Assert.Equal([tokenizer.Encode("x")[0], 257], tokenizer.Encode("xabcd"));
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 2)]
    public void Encode_BosAndEos_AsTheFileSays(bool bos, int expected)
    {
        var tokenizer = ByteLevel(
            AllBytes(), ("tokenizer.ggml.bos_token_id", 7), ("tokenizer.ggml.eos_token_id", 8), ("tokenizer.ggml.add_bos_token", bos), ("tokenizer.ggml.add_eos_token", true));

        var tokens = tokenizer.Encode("a", addSpecial: true);

        Assert.Equal(expected, tokens.Length);
        Assert.Equal(bos, tokenizer.AddsBos);
        Assert.Equal(8, tokens[^1]);
        Assert.True(tokenizer.EndsGeneration(8));
    }

    [Fact]
    public void FromGguf_IdThatIsNoToken_CountsAsNotGiven()
    {
        var tokenizer = ByteLevel(AllBytes(), ("tokenizer.ggml.bos_token_id", uint.MaxValue), ("tokenizer.ggml.eos_token_id", 256u));

        Assert.Equal((11, 11), (tokenizer.BosToken, tokenizer.EosToken));
    }

    [Fact]
    public void Encode_CharacterThatNoSentencePieceTokenHas_BecomesBytes()
    {
        var bytes = Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>").ToArray();
        var tokenizer = Make(
            ("tokenizer.ggml.model", "llama"),
            ("tokenizer.ggml.tokens", (string[])["<unk>", "<s>", "</s>", .. bytes, "▁", "a", "▁a"]),
            ("tokenizer.ggml.scores", Enumerable.Repeat(0f, 262).ToArray()),
            ("tokenizer.ggml.token_type", (int[])[2, 3, 3, .. Enumerable.Repeat(6, 256), 1, 1, 1]));

        Assert.Equal([261, 3 + 0xC3, 3 + 0xA9], tokenizer.Encode("aé"));
        Assert.True(tokenizer.StripsLeadingSpace);
    }

    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    public void Encode_LongRunOfOneCharacter_RoundTrips(char character)
    {
        // Quadratic merging of this would take hours.
        var text = new string(character, 1_000_000);
        string[] doubled = [.. Enumerable.Range(1, 6).Select(power => new string(character == ' ' ? 'Ġ' : 'a', 1 << power))];
        string[] merges = [.. doubled.Select(token => $"{token[..(token.Length / 2)]} {token[..(token.Length / 2)]}")];
        var tokenizer = ByteLevel([.. AllBytes(), .. doubled], ("tokenizer.ggml.merges", merges));

        var tokens = tokenizer.Encode(text);

        Assert.Equal(1_000_000 / 64, tokens.Length);
        Assert.True(tokenizer.Decode(tokens).AsSpan().IndexOfAnyExcept((byte)character) < 0);
    }

    [Fact]
    public void Encode_LongRunOfSpacesThatAreUserDefinedTokens_TakesTheLongest()
    {
        // MPT's vocabulary is like that. Looking at every overlapping occurrence would take minutes and gigabytes.
        string[] runs = [.. Enumerable.Range(2, 23).Select(length => new string(' ', length))];
        var tokenizer = ByteLevel([.. AllBytes(), .. runs], ("tokenizer.ggml.token_type", Enumerable.Repeat(1, 256).Concat(Enumerable.Repeat(4, 23)).ToArray()));

        var tokens = tokenizer.Encode(new string(' ', 1_000_003));

        Assert.Equal((1_000_003 + 23) / 24, tokens.Length);
        Assert.All(tokens[..^1], token => Assert.Equal(256 + 22, token));
    }

    [Fact]
    public void Encode_ManyThreadsAtOnce_GiveTheSameTokens()
    {
        var tokenizer = ByteLevel([.. AllBytes(), "he", "Ġhe"], ("tokenizer.ggml.merges", new[] { "h e", "Ġ he" }));
        var text = string.Concat(Enumerable.Repeat("he he said 🦙 ", 500));
        var expected = tokenizer.Encode(text);

        Parallel.For(0, 16, _ => Assert.Equal(expected, tokenizer.Encode(text)));
    }

    private static string[] AllBytes() => [.. Enumerable.Range(0, 256).Select(value => ByteCharacter(value).ToString())];

    /// <summary>GPT-2's alphabet, written differently from the product's.</summary>
    private static char ByteCharacter(int value)
    {
        var printable = Enumerable.Range(33, 94).Concat(Enumerable.Range(161, 12)).Concat(Enumerable.Range(174, 82)).ToHashSet();
        return printable.Contains(value) ? (char)value : (char)(256 + Enumerable.Range(0, value).Count(other => !printable.Contains(other)));
    }

    private ITokenizer ByteLevel(string[] tokens, params (string Key, object Value)[] pairs) => Make(
        [("tokenizer.ggml.model", "gpt2"), ("tokenizer.ggml.pre", "gpt-2"), ("tokenizer.ggml.tokens", tokens), ("tokenizer.ggml.merges", new[] { "z z" }), .. pairs]);

    private ITokenizer Make(params (string Key, object Value)[] pairs)
    {
        var metadata = new OrderedDictionary<string, GgufValue>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
            metadata[key] = GgufValue.From(value);
        using (var writer = GgufWriter.Create(path, metadata, []))
            writer.Complete();
        using var file = GgufFile.Open(path);
        return TokenizerFactory.FromGguf(file);
    }
}
