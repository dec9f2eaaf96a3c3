using System.CommandLine;
using System.Globalization;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Llama;
using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Random;
using Penstock.Tools.Oracle.Fixtures;

namespace Penstock.Tools.Oracle.Logits;

/// <summary><c>oracle perplexities</c>: for the random model of every fixture our perplexity over a fixed sequence of random tokens beside llama.cpp's, as Markdown.</summary>
internal static class PerplexitiesCommand
{
    private const int Chunk = 32;

    public static Command Create(Option<string?> libraries)
    {
        var count = new Option<int>("--tokens") { Description = "Length of the sequence; a model whose context is shorter gets as many as fit", DefaultValueFactory = _ => 400 };
        var command = new Command("perplexities", "Print perplexities of all random models of the fixtures, ours and llama.cpp's") { count };
        command.SetAction(result =>
        {
            LlamaLibrary.Load(result.GetValue(libraries));
            Console.WriteLine("| model | architecture | ours | ours in chunks of 7 | llama.cpp | in chunks of 32 | token by token | ours / llama.cpp - 1 |");
            Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
            foreach (var item in FixtureCases.All.Where(item => item.Random is not null))
                Console.WriteLine(Row(item, result.GetValue(count)));
        });
        return command;
    }

    private static string Row(FixtureCase item, int most)
    {
        var path = Path.GetTempFileName();
        try
        {
            RandomModel.Write(path, item.Random!);
            var random = new Random(1);
            var tokens = Enumerable.Range(0, Math.Min(most, item.Random!.ContextLength - 16)).Select(_ => random.Next(item.Random.VocabularySize)).ToArray();
            using var model = LlamaModel.Open(path, gpuLayers: 0);
            double Theirs(int chunk) => Perplexity(LogitRows.Compute(model, tokens, chunk, item.Kv), tokens);
            var (ours, theirs) = (Perplexity(Ours(path, item.Kv, tokens, tokens.Length), tokens), Theirs(tokens.Length));
            var architecture = item.Random.Architecture + (item.Random.ExpertCount > 0 ? ", experts" : "");
            string[] cells =
            [
                item.Name, architecture, Number(ours), Number(Perplexity(Ours(path, item.Kv, tokens, 7), tokens)), Number(theirs), Number(Theirs(Chunk)), Number(Theirs(1)),
                (ours / theirs - 1).ToString("+0.0E+0;-0.0E+0", CultureInfo.InvariantCulture),
            ];
            return $"| {string.Join(" | ", cells)} |";
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double Perplexity(float[][] rows, int[] tokens) => Math.Exp(LogitRows.MeanNegativeLogLikelihood(rows, tokens));

    private static string Number(double perplexity) => perplexity.ToString("F4", CultureInfo.InvariantCulture);

    private static float[][] Ours(string path, KvCellType kv, int[] tokens, int chunk)
    {
        using var file = GgufFile.Open(path);
        using var runner = CpuModelRunner.Load(file, new CpuRunnerOptions { Threads = 1, KvTokens = tokens.Length, MaxRows = chunk, MaxSequences = 1, KvType = Enum.Parse<KvType>(kv.ToString()) });
        var rows = new float[tokens.Length][];
        var batch = new StepBatch();
        for (var start = 0; start < tokens.Length; start += chunk)
        {
            var length = Math.Min(chunk, tokens.Length - start);
            if (!runner.Kv.TryReserve(0, start + length))
                throw new InvalidOperationException("The KV memory is too small.");
            batch.Clear();
            batch.Add(0, start, tokens.AsSpan(start, length), SliceOutput.EveryRow);
            if (runner.Run(batch, new AbortSignal()) is var outcome and not StepOutcome.Completed)
                throw new InvalidOperationException($"The step ended as {outcome}.");
            for (var i = 0; i < length; i++)
                rows[start + i] = runner.Logits(i).ToArray();
        }

        return rows;
    }
}
