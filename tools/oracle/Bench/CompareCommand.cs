using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Penstock.Engine.Llama;

namespace Penstock.Tools.Oracle.Bench;

/// <summary><c>oracle compare</c>: Penstock's runner and llama.cpp in interleaved rounds, in one process.</summary>
internal static class CompareCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create(Option<string?> libraries)
    {
        var model = new Argument<string>("gguf") { Description = "A llama-architecture model" };
        var threads = List("--threads", "1,2", "Threads of each engine");
        var batches = List("--batches", "1,4,8", "Decode with that many sequences");
        var prompts = List("--prompts", "512,2000", "Prefill that many tokens");
        var chunk = new Option<int>("--chunk") { Description = "Rows of a prefill step", DefaultValueFactory = _ => 512 };
        var rounds = new Option<int>("--rounds") { Description = "Measured rounds, after one that is not", DefaultValueFactory = _ => 5 };
        var only = new Option<string?>("--only") { Description = "Measure one engine" };
        only.AcceptOnlyFromAmong("penstock", "llama_cpp");
        var json = new Option<bool>("--json") { Description = "One JSON object" };
        var command = new Command("compare", "Measure decode and prefill beside llama.cpp") { model, threads, batches, prompts, chunk, rounds, only, json };
        command.Aliases.Add("bench");
        command.SetAction(result =>
        {
            if (result.GetValue(only) != "penstock")
                LlamaLibrary.Load(result.GetValue(libraries));
            var workloads = new Workloads(Numbers(result.GetValue(batches)!), Numbers(result.GetValue(prompts)!), result.GetValue(chunk));
            var path = result.GetValue(model)!;
            var results = Numbers(result.GetValue(threads)!).SelectMany(count => Measure(path, workloads, count, result.GetValue(rounds), result.GetValue(only))).ToList();
            if (result.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new { Model = Path.GetFileName(path), Rounds = result.GetValue(rounds), Cores = Environment.ProcessorCount, workloads.Chunk, Results = results }, Json));
            else
                CompareTable.Write(results, Console.Out);
        });
        return command;
    }

    private static List<ComparedWorkload> Measure(string path, Workloads workloads, int threads, int rounds, string? only)
    {
        var contenders = new List<IContender>();
        try
        {
            if (only != "llama_cpp")
                contenders.Add(new PenstockContender(path, workloads, threads));
            if (only != "penstock")
                contenders.Add(new LlamaContender(path, workloads, threads));

            var samples = workloads.Each().ToDictionary(each => each, _ => contenders.ToDictionary(contender => contender.Name, _ => new List<Sample>()));
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var (kind, size) in workloads.Each())
                {
                    // Taking turns at going first, so that neither always finds the machine as the other left it.
                    foreach (var contender in round % 2 == 0 ? contenders : Enumerable.Reverse(contenders))
                    {
                        var sample = Measurement.Run(contender, kind, size, workloads.Chunk);
                        if (round > 0)
                            samples[(kind, size)][contender.Name].Add(sample);
                    }
                }

                Console.Error.WriteLine($"threads {threads}, round {round} of {rounds}");
            }

            return [.. samples.Select(entry => ComparedWorkload.Of(threads, entry.Key.Kind, entry.Key.Size, entry.Value))];
        }
        finally
        {
            contenders.ForEach(contender => contender.Dispose());
        }
    }

    private static Option<string> List(string name, string numbers, string description) => new(name) { Description = description, DefaultValueFactory = _ => numbers };

    private static int[] Numbers(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
