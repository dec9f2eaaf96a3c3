using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Penstock.Engine.Llama;
using Penstock.Engine.Llama.Contexts;
using Penstock.Tools.Oracle.Interop;

namespace Penstock.Tools.Oracle.Logits;

/// <summary><c>oracle logits</c>: the logits of every position as raw little-endian floats, and <c>oracle perplexity</c>.</summary>
internal static class LogitsCommand
{
    public static Command CreateLogits(Option<string?> libraries)
    {
        var (model, tokens, chunk, exact) = Inputs();
        var output = new Option<string>("--out") { Description = "File for positions x vocabulary floats", Required = true };
        var command = new Command("logits", "Write llama.cpp's logits of every position") { model, tokens, chunk, exact, output };
        command.SetAction(result =>
        {
            LlamaLibrary.Load(result.GetValue(libraries));
            using var llama = LlamaModel.Open(result.GetValue(model)!, gpuLayers: 0);
            using var stream = File.Create(result.GetValue(output)!);
            foreach (var row in LogitRows.Compute(llama, Parse(result.GetValue(tokens)!), result.GetValue(chunk), result.GetValue(exact)))
                stream.Write(MemoryMarshal.AsBytes<float>(row));
        });
        return command;
    }

    public static Command CreatePerplexity(Option<string?> libraries)
    {
        var (model, tokens, chunk, exact) = Inputs();
        var command = new Command("perplexity", "Print llama.cpp's perplexity") { model, tokens, chunk, exact };
        command.SetAction(result =>
        {
            LlamaLibrary.Load(result.GetValue(libraries));
            using var llama = LlamaModel.Open(result.GetValue(model)!, gpuLayers: 0);
            var text = result.GetValue(tokens)!;
            var ids = File.Exists(text) ? new LlamaVocabulary(llama).Tokenize(File.ReadAllText(text), addSpecial: true, parseSpecial: true) : Parse(text);
            var rows = LogitRows.Compute(llama, ids, result.GetValue(chunk), result.GetValue(exact));
            Console.WriteLine(Math.Exp(LogitRows.MeanNegativeLogLikelihood(rows, ids)).ToString("R", CultureInfo.InvariantCulture));
        });
        return command;
    }

    private static (Argument<string> Model, Argument<string> Tokens, Option<int> Chunk, Option<bool> Exact) Inputs() => (
        new Argument<string>("gguf"),
        new Argument<string>("tokens") { Description = "Token ids with commas between (for perplexity also a text file)" },
        new Option<int>("--chunk") { Description = "Rows a call", DefaultValueFactory = _ => 512 },
        new Option<bool>("--exact") { Description = "KV in 32-bit floats, no flash attention" });

    private static int[] Parse(string tokens) => [.. tokens.Split(',').Select(token => int.Parse(token, CultureInfo.InvariantCulture))];
}
