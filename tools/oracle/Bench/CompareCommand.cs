using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Penstock.Engine.Llama;

namespace Penstock.Tools.Oracle.Bench;

/// <summary><c>oracle compare</c>: Penstock's runner and llama.cpp, at its best setting for each workload, in interleaved rounds in one process.</summary>
internal static class CompareCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create(Option<string?> libraries)
    {
        var models = new Argument<string[]>("gguf") { Description = "Models that both engines run", Arity = ArgumentArity.OneOrMore };
        var threads = List("--threads", "1,2", "Threads of each engine");
        var batches = List("--batches", "1,4,8,16", "Decode with that many sequences; empty = none");
        var chunks = List("--chunks", "32,512", "Prefill a prompt of 512 tokens in chunks of that many; empty = none");
        var mixed = List("--mixed", "4+32", "Decodes and tokens of a prompt in each step; empty = none");
        var neighbours = List("--neighbour", "", "Also decode with that many sequences beside a process that keeps a core busy");
        var rounds = new Option<int>("--rounds") { Description = "Measured rounds, after one that is not", DefaultValueFactory = _ => 5 };
        var steps = List("--steps", $"{Workload.UsualSteps}", "Steps of decoding in a measurement, for each model in turn, the last for those that are left");
        var searchTime = new Option<double>("--search-seconds") { Description = "Seconds to look for llama.cpp's best setting for each workload", DefaultValueFactory = _ => 20 };
        var noSearch = new Option<bool>("--no-search") { Description = "llama.cpp at its defaults instead of its best setting for each workload" };
        var variants = List("--variants", "alderlake,haswell", "Builds of llama.cpp's CPU backend to try beside its own choice; all = all that this processor runs");
        var only = new Option<string?>("--only") { Description = "Measure one engine" };
        only.AcceptOnlyFromAmong("penstock", "llama_cpp");
        var json = new Option<bool>("--json") { Description = "One JSON object instead of Markdown" };
        var command = new Command("compare", "Measure decode, prefill and mixed steps beside llama.cpp") { models, threads, batches, chunks, mixed, neighbours, rounds, steps, searchTime, noSearch, variants, only, json };
        command.Aliases.Add("bench");
        command.SetAction(result =>
        {
            var engine = result.GetValue(only);
            if (engine != "penstock")
                LlamaLibrary.Load(result.GetValue(libraries));
            var options = new CompareOptions(result.GetValue(rounds), TimeSpan.FromSeconds(result.GetValue(noSearch) ? 0 : result.GetValue(searchTime)), engine == "penstock" ? [] : Variants(result.GetValue(variants)!));
            (int Decodes, int Chunk)[] workloads =
            [
                .. Numbers(result.GetValue(batches)!).Select(batch => (batch, 0)),
                .. Numbers(result.GetValue(chunks)!).Select(chunk => (0, chunk)),
                .. Parts(result.GetValue(mixed)!).Select(Mixed),
            ];
            var beside = Numbers(result.GetValue(neighbours)!);
            var compared = new List<ComparedModel>();
            var known = new KnownSettings();
            var stepCounts = Numbers(result.GetValue(steps)!);
            foreach (var path in result.GetValue(models)!)
            {
                var count = stepCounts[Math.Min(compared.Count, stepCounts.Length - 1)];
                Workload[] scaled = [.. workloads.Select(parts => Workload.Of(parts.Decodes, parts.Chunk, count))];
                compared.Add(Measure(path, scaled, [.. beside.Select(batch => Workload.Of(batch, 0, count))], Numbers(result.GetValue(threads)!), options, known, engine));
                if (!result.GetValue(json))
                    CompareTable.Write(compared[^1], Console.Out);
            }

            if (result.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new { options.Rounds, Cores = Environment.ProcessorCount, Models = compared }, Json));
        });
        return command;
    }

    private static ComparedModel Measure(string path, Workload[] workloads, Workload[] beside, int[] threads, CompareOptions options, KnownSettings known, string? only)
    {
        using var models = only == "penstock" ? null : new LlamaModels(path);
        var started = Stopwatch.GetTimestamp();
        var (compared, neighbours) = (new List<ComparedWorkload>(), new List<BesideNeighbour>());
        foreach (var count in threads)
        {
            using var penstock = only == "llama_cpp" ? null : new PenstockContender(path, [.. workloads, .. beside], count);
            foreach (var workload in workloads)
            {
                compared.Add(new Comparison(penstock, models, count, options, known).Run(workload));
                Progress(count, workload.Name);
            }

            foreach (var workload in beside)
            {
                neighbours.AddRange(new NeighbourComparison(penstock, models, count, options, known).Run(workload));
                Progress(count, $"{workload.Name} beside a busy process");
            }
        }

        return new ComparedModel(Path.GetFileName(path), compared, neighbours);

        void Progress(int count, string what) =>
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s: {Path.GetFileName(path)}, {count} threads, {what}"));
    }

    private static IReadOnlyList<string> Variants(string list)
    {
        var usable = CpuVariants.Usable();
        return list == "all" ? usable : [usable[0], .. Parts(list).Where(name => name != usable[0] && usable.Contains(name))];
    }

    private static (int Decodes, int Chunk) Mixed(string sizes) =>
        sizes.Split('+') is [var decodes, var chunk] ? (Number(decodes), Number(chunk)) : throw new FormatException($"'{sizes}' is not of the form 4+32.");

    private static Option<string> List(string name, string values, string description) => new(name) { Description = description, DefaultValueFactory = _ => values };

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int[] Numbers(string list) => [.. Parts(list).Select(Number)];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
