using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Penstock.Engine.Llama;
using Penstock.Engine.Llama.Contexts;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Tools.Oracle.Interop;
using Penstock.Tools.Oracle.Logits;

namespace Penstock.Tools.Oracle.Quantization;

/// <summary><c>oracle quantizers</c>: our quantizer beside llama.cpp's, judged by what llama.cpp computes with either file.</summary>
internal static class QuantizersCommand
{
    public static Command Create(Option<string?> libraries)
    {
        var model = new Argument<string>("gguf") { Description = "A model in F32, F16 or BF16" };
        var texts = new Argument<string>("text") { Description = "A text to compute logits for, or an evaluation (.jsonl)" };
        var only = new Option<string[]>("--mix") { Description = "These mixes only", AllowMultipleArgumentsPerToken = true };
        var most = new Option<int>("--tokens") { Description = "Most tokens of the text", DefaultValueFactory = _ => 2000 };
        var command = new Command("quantizers", "Compare our quantizer with llama.cpp's") { model, texts, only, most };
        command.SetAction(result =>
        {
            LlamaLibrary.Load(result.GetValue(libraries));
            var mixes = result.GetValue(only) is { Length: > 0 } names ? names.Select(Parse) : QuantizationMixes.All.Where(mix => mix.BaseType().BlockElements() > 1);
            Compare(result.GetValue(model)!, EvaluationText.Read(result.GetValue(texts)!), [.. mixes], result.GetValue(most));
        });
        return command;
    }

    private static QuantizationMix Parse(string name) => QuantizationMixes.TryParse(name, out var mix) ? mix : throw new ArgumentException($"There is no mix {name}.");

    private static void Compare(string path, string text, QuantizationMix[] mixes, int most)
    {
        var folder = Directory.CreateTempSubdirectory("quantizers");
        try
        {
            int[] tokens;
            using (var model = LlamaModel.Open(path, gpuLayers: 0))
                tokens = new LlamaVocabulary(model).Tokenize(text, addSpecial: true, parseSpecial: true);
            tokens = tokens[..Math.Min(tokens.Length, most)];
            var reference = Rows(path, tokens);
            Console.WriteLine("| mix | KL ours | KL llama.cpp | ratio | RMS error ours | llama.cpp | seconds ours | llama.cpp | same types |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---|");
            foreach (var mix in mixes)
            {
                var (ours, theirs) = (Path.Combine(folder.FullName, "ours.gguf"), Path.Combine(folder.FullName, "theirs.gguf"));
                var clock = Stopwatch.GetTimestamp();
                using (var source = GgufFile.Open(path))
                    ModelQuantizer.Quantize(source, ours, new() { Mix = mix });
                var ourTime = Stopwatch.GetElapsedTime(clock);
                clock = Stopwatch.GetTimestamp();
                Theirs(path, theirs, mix);
                var theirTime = Stopwatch.GetElapsedTime(clock);
                var (one, other) = (Divergence.Mean(reference, Rows(ours, tokens)), Divergence.Mean(reference, Rows(theirs, tokens)));
                var weights = WeightErrors.Of(path, ours, theirs);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {mix} | {one:E3} | {other:E3} | {one / other:F3} | {weights.Ours:F5} | {weights.Theirs:F5} | {ourTime.TotalSeconds:F2} | {theirTime.TotalSeconds:F2} | {(weights.SameTypes ? "yes" : "NO")} |"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static float[][] Rows(string path, int[] tokens)
    {
        using var model = LlamaModel.Open(path, gpuLayers: 0);
        return LogitRows.Compute(model, tokens, 512);
    }

    private static unsafe void Theirs(string source, string target, QuantizationMix mix)
    {
        var parameters = NativeQuantizer.DefaultQuantizeParameters();
        if (!parameters.LooksRight)
            throw new InvalidOperationException("The library has another structure of quantization parameters.");
        parameters.FileType = (uint)mix;
        parameters.Threads = Environment.ProcessorCount;
        if (NativeQuantizer.Quantize(source, target, &parameters) != 0)
            throw new InvalidOperationException($"llama.cpp does not quantize {source} to {mix}.");
    }
}
