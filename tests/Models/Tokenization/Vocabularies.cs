using System.Collections.Concurrent;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;
using Penstock.Tests.Support;

namespace Penstock.Models.Tests.Tokenization;

/// <summary>The real vocabularies of the test data, each loaded once.</summary>
internal static class Vocabularies
{
    private static readonly ConcurrentDictionary<string, ITokenizer> Loaded = new(StringComparer.Ordinal);

    public static readonly string[] Names = ["deepseek-coder", "deepseek-llm", "falcon", "gpt-2", "llama-spm", "mpt", "phi-3", "refact", "starcoder"];

    public static string PathOf(string name) => TestData.Path("vocab", $"ggml-vocab-{name}.gguf");

    public static ITokenizer Load(string name)
    {
        var path = PathOf(name);
        return Loaded.GetOrAdd(name, _ =>
        {
            using var file = GgufFile.Open(path);
            return TokenizerFactory.FromGguf(file);
        });
    }

    public static int[] Encode(this ITokenizer tokenizer, string text, bool addSpecial = false, bool parseSpecial = false)
    {
        var tokens = new List<int>();
        tokenizer.Encode(text, tokens, addSpecial, parseSpecial);
        return [.. tokens];
    }

    public static byte[] Decode(this ITokenizer tokenizer, IEnumerable<int> tokens, bool special = false)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
            bytes.AddRange(tokenizer.Bytes(token, special));
        return [.. bytes];
    }
}
