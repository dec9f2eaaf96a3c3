using Penstock.Engine.Llama.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;
using Penstock.Tests.Support;

namespace Penstock.Engine.Llama.Tests;

/// <summary>llama.cpp's tokenizer behind our port says the same as ours where both know the vocabulary.</summary>
public class TokenizerTests
{
    [Fact]
    public void LlamaTokenizer_Pebble_LikeOurs()
    {
        Assert.SkipWhen(LibraryFolder.Find() is null, $"llama.cpp's libraries are not installed; run npm ci in native, or set {LibraryFolder.Variable}.");
        using var file = GgufFile.Open(TestData.InRepository("models", "pebble.gguf"));
        var ours = TokenizerFactory.FromGguf(file);
        var runner = LlamaModelRunner.Load(file, new LlamaRunnerOptions { Threads = 1, KvTokens = 256 });
        var theirs = runner.CreateTokenizer();

        Assert.Equal((ours.VocabularySize, ours.BosToken, ours.EosToken, ours.AddsBos), (theirs.VocabularySize, theirs.BosToken, theirs.EosToken, theirs.AddsBos));
        for (var token = 0; token < ours.VocabularySize; token++)
        {
            Assert.Equal(ours.Bytes(token, special: true), theirs.Bytes(token, special: true));
            Assert.Equal((ours.EndsGeneration(token), ours.Kind(token) == TokenKind.Control), (theirs.EndsGeneration(token), theirs.Kind(token) == TokenKind.Control));
        }

        foreach (var text in (string[])["", "a", "What is TTFT?", "<|im_start|>user\nünïcödé 漢字 😀", new string('x', 3000), string.Concat(Enumerable.Repeat("\ud83d", 3))])
        {
            foreach (var special in (bool[])[false, true])
            {
                List<int> expected = [], actual = [];
                ours.Encode(text, expected, addSpecial: true, special);
                theirs.Encode(text, actual, addSpecial: true, special);
                Assert.Equal(expected, actual);
            }
        }

        runner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => theirs.Encode("a", [], addSpecial: false, parseSpecial: false));
    }
}
