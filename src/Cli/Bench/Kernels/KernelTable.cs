using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Bench.Kernels;

/// <summary>The report on a terminal: for each step a bar of how much of its limit it reaches, memory's or the processor's, whichever is lower for it.</summary>
internal static class KernelTable
{
    private const int Cells = 20;

    public static void Write(KernelReport report, Terminal terminal)
    {
        terminal.WriteLine($"{report.Runner}, {report.Threads} threads, memory reads at {report.ReadBandwidthGbS:F1} GB/s, 8-bit products at {report.PeakGmacS:F0} GMAC/s");
        var table = new Table().AddColumns("workload", "tokens/s", "of the machine", "of the roofline");
        foreach (var entry in report.Decode)
            table.AddRow($"decode, batch {entry.Batch}", $"{entry.TokensPerS:F1}", $"{entry.FractionOfReadBandwidth:P0} of {entry.ReadBandwidthGbS:F1} GB/s", Bar(report, entry.GmacS, entry.MacsPerByte));
        foreach (var entry in report.Prefill)
            table.AddRow($"prefill, chunk {entry.Chunk}", $"{entry.TokensPerS:F1}", $"{entry.FractionOfPeak:P0} of the 8-bit peak", Bar(report, entry.GmacS, entry.MacsPerByte));
        terminal.Results.Write(table);
        var mixed = report.Mixed;
        terminal.WriteLine($"{mixed.Decodes} decodes and a chunk of {mixed.Chunk}: {mixed.StepMs:F1} ms in one step, {mixed.TwoStepsMs:F1} ms in two");
        if (report.Depths.Count > 0)
        {
            var depths = new Table().AddColumns("depth", "decode step, ms", "prompt chunk of 512, ms");
            foreach (var entry in report.Depths)
                depths.AddRow($"{entry.Depth:N0}", $"{entry.DecodeMs:F1}", $"{entry.PromptMs:F0}");
            terminal.Results.Write(depths);
        }

        foreach (var entry in report.BesideNeighbour)
        {
            terminal.WriteLine(
                $"batch {entry.Batch} beside a busy process: median {entry.MedianMs:F1}, p95 {entry.P95Ms:F1} ms; alone {entry.QuietMedianMs:F1} and {entry.QuietP95Ms:F1} ms; p95 is {entry.P95OverQuietMedian:F2} times the quiet median");
        }
    }

    private static string Bar(KernelReport report, double gmacs, double macsPerByte)
    {
        var memory = report.ReadBandwidthGbS * macsPerByte;
        var fraction = gmacs / Math.Min(memory, report.PeakGmacS);
        var full = Math.Clamp((int)Math.Round(fraction * Cells), 0, Cells);
        return $"{new string('#', full)}{new string('.', Cells - full)} {fraction:P0} {(memory < report.PeakGmacS ? "memory" : "compute")}";
    }
}
