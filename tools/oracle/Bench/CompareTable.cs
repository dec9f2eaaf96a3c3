using System.Globalization;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>The results as Markdown.</summary>
internal static class CompareTable
{
    public static void Write(ComparedModel model, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"### {model.Model}");
        output.WriteLine();
        if (model.Workloads.Count > 0)
        {
            output.WriteLine("| threads | workload | penstock tokens/CPU s | llama.cpp | ratio | penstock tokens/s | llama.cpp | ratio | llama.cpp's setting |");
            output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---|");
        }

        foreach (var item in model.Workloads)
            output.WriteLine($"| {item.Threads} | {item.Workload} | {Cells(item.Processor)} | {Cells(item.Wall)} | {Settings(item)} |");
        if (model.BesideNeighbour.Count == 0)
            return;

        output.WriteLine();
        output.WriteLine("| threads | workload | engine | quiet median, ms | p95 beside a busy process, ms | ratio |");
        output.WriteLine("|---|---|---|---:|---:|---:|");
        foreach (var item in model.BesideNeighbour)
            output.WriteLine($"| {item.Threads} | {item.Workload} | {item.Engine} | {Number(item.QuietMedianMs)} | {Number(item.BesideP95Ms)} | {Ratio(item.Ratio)} |");
    }

    private static string Cells(Side side) => $"{Number(side.Penstock)} | {Number(side.LlamaCpp)} | {Ratio(side.Ratio)}";

    private static string Settings(ComparedWorkload item) => item.Processor.Setting == item.Wall.Setting
        ? item.Processor.Setting ?? ""
        : $"CPU: {item.Processor.Setting}; clock: {item.Wall.Setting}";

    private static string Number(double? value) => value?.ToString("F1", CultureInfo.InvariantCulture) ?? "";

    private static string Ratio(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "";
}
