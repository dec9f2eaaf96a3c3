using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Penstock.Models.Tests.Tokenization;

/// <summary>Against the vocabularies and expected tokens of llama.cpp's own tests.</summary>
public sealed class VocabularyTests
{
    public static TheoryData<string> Names => [.. Vocabularies.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_TextsOfLlamaCppsTests_GivesItsTokens(string name)
    {
        var tokenizer = Vocabularies.Load(name);
        var texts = File.ReadAllText(Vocabularies.PathOf(name) + ".inp").Split("\n__ggml_vocab_test__\n");
        var expected = File.ReadAllLines(Vocabularies.PathOf(name) + ".out");

        Assert.True(texts.Length >= expected.Length && expected.Length > 40);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Trim() == string.Join(' ', tokenizer.Encode(texts[i])), $"Text {i} of {name}.");
    }

    /// <summary>Falcon's vocabulary has no tokens for some control bytes, which are lost there.</summary>
    public static TheoryData<string> CompleteNames => [.. Vocabularies.Names.Where(name => name != "falcon")];

    [Theory]
    [MemberData(nameof(CompleteNames))]
    public void Encode_AnyText_RoundTrips(string name)
    {
        var tokenizer = Vocabularies.Load(name);
        Prop.ForAll<string>(text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text ?? "");
            var decoded = tokenizer.Decode(tokenizer.Encode(text ?? "")).AsSpan();
            if (tokenizer.StripsLeadingSpace && bytes.Length > 0)
                decoded = decoded[1..];
            return decoded.SequenceEqual(bytes);
        }).QuickCheckThrowOnFailure();
    }
}
