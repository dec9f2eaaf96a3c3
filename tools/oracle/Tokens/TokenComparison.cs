using System.Globalization;
using Penstock.Engine.Llama.Contexts;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;
using Penstock.Tools.Oracle.Interop;

namespace Penstock.Tools.Oracle.Tokens;

/// <summary>Our tokens beside llama.cpp's for one vocabulary.</summary>
internal static class TokenComparison
{
    /// <summary>Compares and tells what differs.</summary>
    /// <returns>Differences found.</returns>
    public static int Run(string path, int texts, int seed, TextWriter output)
    {
        using var model = LlamaModel.Open(path, vocabularyOnly: true);
        var theirs = new LlamaVocabulary(model);
        using var file = GgufFile.Open(path);
        var ours = TokenizerFactory.FromGguf(file);
        return CompareVocabulary(ours, theirs, output) + CompareTexts(ours, theirs, file, texts, seed, output);
    }

    private static int CompareVocabulary(ITokenizer ours, LlamaVocabulary theirs, TextWriter output)
    {
        var differences = 0;
        Check(ours.VocabularySize == theirs.Size, "vocabulary size");
        Check((ours.BosToken ?? -1) == theirs.Bos, $"BOS: {ours.BosToken} and {theirs.Bos}");
        Check((ours.EosToken ?? -1) == theirs.Eos, $"EOS: {ours.EosToken} and {theirs.Eos}");
        Check(ours.AddsBos == theirs.AddsBos, $"adds BOS: {ours.AddsBos}");
        for (var token = 0; token < ours.VocabularySize; token++)
        {
            Check(ours.EndsGeneration(token) == theirs.EndsGeneration(token), $"token {token}: ends generation");
            // llama.cpp ignores 'special' here for tokens in its cache and leaves special tokens out before.
            Check(ours.Bytes(token, special: true).SequenceEqual(theirs.Piece(token, special: true)), $"token {token}: bytes");
            Check(ours.Bytes(token, special: false).SequenceEqual(theirs.Piece(token, special: false)), $"token {token}: bytes without special ones");
        }

        return differences;

        void Check(bool right, string what)
        {
            if (!right && differences++ < 10)
                output.WriteLine($"  {what} differs");
        }
    }

    private static int CompareTexts(ITokenizer ours, LlamaVocabulary theirs, GgufFile file, int texts, int seed, TextWriter output)
    {
        var specials = file.Metadata.Strings("tokenizer.ggml.tokens").Where((text, token) => text.Length > 0 && ours.Kind(token) is TokenKind.Control or TokenKind.UserDefined).Take(40).ToArray();
        var source = new RandomText(seed, specials);
        var differences = 0;
        for (var i = 0; i < texts; i++)
        {
            var text = source.Next(i % 50 == 0 ? 400 : 12);
            var (addSpecial, parseSpecial) = (i % 3 == 0, i % 2 == 0);
            var mine = new List<int>();
            ours.Encode(text, mine, addSpecial, parseSpecial);
            var other = theirs.Tokenize(text, addSpecial, parseSpecial);
            if (!mine.SequenceEqual(other) && differences++ < 5)
                output.WriteLine($"  {string.Concat(text.EnumerateRunes().Select(Show))}\n    ours   {string.Join(' ', mine)}\n    theirs {string.Join(' ', other)}");
        }

        return differences;
    }

    private static string Show(System.Text.Rune rune) => rune.Value is > 32 and < 127 ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"<{rune.Value:X}>");
}
