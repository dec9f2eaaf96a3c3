using System.CommandLine;
using Penstock.Engine.Llama;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;

namespace Penstock.Tools.Oracle.Tokens;

/// <summary><c>oracle tokens</c>: our tokenizer beside llama.cpp's on random texts.</summary>
internal static class TokensCommand
{
    public static Command Create(Option<string?> libraries)
    {
        var files = new Argument<string[]>("gguf") { Description = "Vocabularies or models", Arity = ArgumentArity.OneOrMore };
        var texts = new Option<int>("--texts") { Description = "Random texts to compare", DefaultValueFactory = _ => 2000 };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var families = new Option<bool>("--families") { Description = "Compare every pre-tokenizer that Penstock knows, with the first file's tokens" };
        var command = new Command("tokens", "Compare tokens with llama.cpp") { files, texts, seed, families };
        command.SetAction(result =>
        {
            LlamaLibrary.Load(result.GetValue(libraries));
            var paths = result.GetValue(files)!;
            var (count, from) = (result.GetValue(texts), result.GetValue(seed));
            var differences = result.GetValue(families)
                ? TokenizerFactory.PreTokenizers.Sum(name => CompareFamily(paths[0], name, count, from))
                : paths.Sum(path => Compare(path, Path.GetFileName(path), count, from));
            return differences == 0 ? 0 : 1;
        });
        return command;
    }

    private static int CompareFamily(string path, string preTokenizer, int texts, int seed)
    {
        var copy = Path.GetTempFileName();
        try
        {
            using (var file = GgufFile.Open(path))
            {
                var metadata = file.Metadata.Where(pair => pair.Key != "tokenizer.ggml.pre").Append(new("tokenizer.ggml.pre", GgufValue.From(preTokenizer)));
                using var writer = GgufWriter.Create(copy, metadata, []);
                writer.Complete();
            }

            return Compare(copy, preTokenizer, texts, seed);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static int Compare(string path, string name, int texts, int seed)
    {
        var details = new StringWriter();
        var differences = TokenComparison.Run(path, texts, seed, details);
        Console.WriteLine($"{name}: {differences} differences");
        Console.Write(details);
        return differences;
    }
}
