using System.CommandLine;
using Penstock.Engine.Llama;
using Penstock.Engine.Llama.Contexts;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;
using Penstock.Tools.Oracle.Interop;

namespace Penstock.Tools.Oracle.Tokens;

/// <summary><c>oracle speed</c>: megabytes encoded a second of CPU time, ours and llama.cpp's in turn.</summary>
internal static class SpeedCommand
{
    private const int Rounds = 5;

    public static Command Create(Option<string?> libraries)
    {
        var file = new Argument<string>("gguf") { Description = "A vocabulary or model" };
        var texts = new Argument<string[]>("texts") { Description = "Text files to encode; without any, long runs of one character", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("speed", "Measure encoding") { file, texts };
        command.SetAction(result =>
        {
            LlamaLibrary.Load(result.GetValue(libraries));
            var path = result.GetValue(file)!;
            using var model = LlamaModel.Open(path, vocabularyOnly: true);
            var theirs = new LlamaVocabulary(model);
            using var gguf = GgufFile.Open(path);
            var ours = TokenizerFactory.FromGguf(gguf);
            var text = string.Concat(result.GetValue(texts)!.Select(File.ReadAllText));
            if (text.Length > 0)
            {
                Measure("text, ours", text, input => Encode(ours, input));
                Measure("text, llama.cpp", text, input => theirs.Tokenize(input, addSpecial: false, parseSpecial: true));
                return 0;
            }

            for (var size = 250_000; size <= 4_000_000; size *= 4)
            {
                Measure($"{size} x 'a'", new string('a', size), input => Encode(ours, input));
                Measure($"{size} x ' '", new string(' ', size), input => Encode(ours, input));
                Measure($"{size} x ' ', then 'x'", new string(' ', size) + 'x', input => Encode(ours, input));
                Measure($"{size} x '1'", new string('1', size), input => Encode(ours, input));
            }

            return 0;
        });
        return command;
    }

    private static void Encode(ITokenizer tokenizer, string text)
    {
        var tokens = new List<int>(text.Length);
        tokenizer.Encode(text, tokens, addSpecial: false, parseSpecial: true);
    }

    private static void Measure(string name, string text, Action<string> encode)
    {
        encode(text);
        var megabytes = System.Text.Encoding.UTF8.GetByteCount(text) / 1e6;
        var rates = Enumerable.Range(0, Rounds).Select(_ =>
        {
            var start = Environment.CpuUsage.TotalTime;
            encode(text);
            return megabytes / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }).Order().ToArray();
        Console.WriteLine($"{name}: {megabytes:F2} MB, {rates[Rounds / 2]:F1} MB per CPU second (worst {rates[0]:F1}, best {rates[^1]:F1})");
    }
}
