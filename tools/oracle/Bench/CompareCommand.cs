using System.CommandLine;
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
        var noSearch = new Option<bool>("--no-search") { Description = "llama.cpp at its defaults instead of its best setting for each workload" };
        var variants = List("--variants", "alderlake,haswell", "Builds of llama.cpp's CPU backend to try beside its own choice; all = all that this processor runs");
        var only = new Option<string?>("--only") { Description = "Measure one engine" };
        only.AcceptOnlyFromAmong("penstock", "llama_cpp");
        var json = new Option<bool>("--json") { Description = "One JSON object instead of Markdown" };
        var command = new Command("compare", "Measure decode, prefill and mixed steps beside llama.cpp") { models, threads, batches, chunks, mixed, neighbours, rounds, noSearch, variants, only, json };
        command.Aliases.Add("bench");
        command.SetAction(result =>
        {
            var engine = result.GetValue(only);
            if (engine != "penstock")
                LlamaLibrary.Load(result.GetValue(libraries));
            var options = new CompareOptions(result.GetValue(rounds), !result.GetValue(noSearch), engine == "penstock" ? [] : Variants(result.GetValue(variants)!));
            Workload[] workloads =
            [
                .. Numbers(result.GetValue(batches)!).Select(Workload.Decode),
                .. Numbers(result.GetValue(chunks)!).Select(Workload.Prefill),
                .. Parts(result.GetValue(mixed)!).Select(Mixed),
            ];
            Workload[] beside = [.. Numbers(result.GetValue(neighbours)!).Select(Workload.Decode)];
            var compared = new List<ComparedModel>();
            foreach (var path in result.GetValue(models)!)
            {
                compared.Add(Measure(path, workloads, beside, Numbers(result.GetValue(threads)!), options, engine));
                if (!result.GetValue(json))
                    CompareTable.Write(compared[^1], Console.Out);
            }

            if (result.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new { options.Rounds, Cores = Environment.ProcessorCount, Models = compared }, Json));
        });
        return command;
    }

    private static ComparedModel Measure(string path, Workload[] workloads, Workload[] beside, int[] threads, CompareOptions options, string? only)
    {
        using var models = only == "penstock" ? null : new LlamaModels(path);
        var (compared, neighbours) = (new List<ComparedWorkload>(), new List<BesideNeighbour>());
        foreach (var count in threads)
        {
            using var penstock = only == "llama_cpp" ? null : new PenstockContender(path, [.. workloads, .. beside], count);
            foreach (var workload in workloads)
            {
                compared.Add(new Comparison(penstock, models, count, options).Run(workload));
                Console.Error.WriteLine($"{Path.GetFileName(path)}, {count} threads, {workload.Name}");
            }

            foreach (var workload in beside)
            {
                neighbours.AddRange(new NeighbourComparison(penstock, models, count, options).Run(workload));
                Console.Error.WriteLine($"{Path.GetFileName(path)}, {count} threads, {workload.Name} beside a busy process");
            }
        }

        return new ComparedModel(Path.GetFileName(path), compared, neighbours);
    }

    private static IReadOnlyList<string> Variants(string list)
    {
        var usable = CpuVariants.Usable();
        return list == "all" ? usable : [usable[0], .. Parts(list).Where(name => name != usable[0] && usable.Contains(name))];
    }

    private static Workload Mixed(string sizes) =>
        sizes.Split('+') is [var decodes, var chunk] ? Workload.Mixed(Number(decodes), Number(chunk)) : throw new FormatException($"'{sizes}' is not of the form 4+32.");

    private static Option<string> List(string name, string values, string description) => new(name) { Description = description, DefaultValueFactory = _ => values };

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int[] Numbers(string list) => [.. Parts(list).Select(Number)];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
