using System.CommandLine;
using Penstock.Cli.Bench.Kernels;
using Penstock.Cli.Output;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Gguf;
using Spectre.Console;

namespace Penstock.Cli.Bench;

/// <summary><c>penstock bench kernels</c>: how fast the CPU engine runs a model here, beside what the machine could do.</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A model in GGUF format.", Required = true };
        var threads = new Option<int>("--threads") { Description = "Threads to compute with; 0 = one a physical core." };
        var path = new Option<KernelPath>("--path") { Description = "Kernels to use.", DefaultValueFactory = _ => KernelPath.Auto };
        var json = CommonOptions.Json();
        var command = new Command("kernels", "Measure decode and prefill of a model on the CPU engine.") { model, threads, path, json };
        command.SetAction(result => Run(Terminal.Of(result), result.GetRequiredValue(model), result.GetValue(threads), result.GetValue(path), result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string file, int threads, KernelPath path, bool json)
    {
        using var gguf = GgufFile.Open(file);
        var options = new CpuRunnerOptions { Threads = threads, Path = path, KvTokens = KernelBench.KvTokens };
        using var runner = terminal.Progress("Loading", progress => CpuModelRunner.Load(gguf, options, progress));
        var report = terminal.Progress("Measuring", progress => new KernelBench(runner).Run(progress));
        if (json)
        {
            terminal.WriteJson(report);
            return ExitCode.Done;
        }

        terminal.WriteLine($"{report.Runner}, {report.Threads} threads, memory reads at {report.ReadBandwidthGbS:F1} GB/s");
        var table = new Table().AddColumns("workload", "tokens/s", "of the machine");
        foreach (var entry in report.Decode)
            table.AddRow($"decode, batch {entry.Batch}", $"{entry.TokensPerS:F1}", $"{entry.FractionOfReadBandwidth:P0} of the read bandwidth");
        foreach (var entry in report.Prefill)
            table.AddRow($"prefill, chunk {entry.Chunk}", $"{entry.TokensPerS:F1}", $"{entry.FractionOfPeak:P0} of the 8-bit peak");
        terminal.Results.Write(table);
        return ExitCode.Done;
    }
}
