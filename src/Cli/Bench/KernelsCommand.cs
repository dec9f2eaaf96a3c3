using System.CommandLine;
using Penstock.Cli.Bench.Kernels;
using Penstock.Cli.Output;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Gguf;

namespace Penstock.Cli.Bench;

/// <summary><c>penstock bench kernels</c>: how fast the CPU engine runs a model here, beside what the machine could do.</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A model in GGUF format.", Required = true };
        var threads = new Option<int>("--threads") { Description = "Threads to compute with; 0 = one a physical core." };
        var path = new Option<KernelPath>("--path") { Description = "Kernels to use.", DefaultValueFactory = _ => KernelPath.Auto };
        var plot = new Option<string?>("--plot") { Description = "Write a roofline plot to this SVG file." };
        var beside = new Option<bool>("--beside-neighbour") { Description = "Measure steps beside another process that keeps one core busy, too." };
        var depth = new Option<int>("--depth") { Description = "Measure steps at 512 tokens of context and each doubling up to this; 0 = at none.", DefaultValueFactory = _ => 4_096, HelpName = "tokens" };
        var json = CommonOptions.Json();
        var command = new Command("kernels", "Measure decode and prefill of a model on the CPU engine.") { model, threads, path, plot, depth, beside, json };
        command.SetAction(result => Run(
            Terminal.Of(result), result.GetRequiredValue(model), result.GetValue(threads), result.GetValue(path), result.GetValue(plot), result.GetValue(depth), result.GetValue(beside), result.GetValue(json)));
        return command;
    }

    /// <summary>The other process of <c>--beside-neighbour</c>.</summary>
    public static Command CreateBusy()
    {
        var command = new Command(BusyNeighbour.Command, "Keep one core busy until standard input ends.") { Hidden = true };
        command.SetAction(result => BusyNeighbour.Run(result.InvocationConfiguration.Output, Console.In));
        return command;
    }

    private static int Run(Terminal terminal, string file, int threads, KernelPath path, string? plot, int depth, bool beside, bool json)
    {
        using var gguf = GgufFile.Open(file);
        var options = new CpuRunnerOptions { Threads = threads, Path = path, KvTokens = KernelBench.KvTokens(depth) };
        using var runner = terminal.Progress("Loading", progress => CpuModelRunner.Load(gguf, options, progress));
        var report = terminal.Progress("Measuring", progress => new KernelBench(runner).Run(depth, beside, progress));
        if (plot is not null)
            File.WriteAllText(plot, RooflinePlot.Svg(report, $"{Path.GetFileName(file)}, {report.Runner}, {report.Threads} threads"));
        if (json)
            terminal.WriteJson(report);
        else
            KernelTable.Write(report, terminal);
        return ExitCode.Done;
    }
}
