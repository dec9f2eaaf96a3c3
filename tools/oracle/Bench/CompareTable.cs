using System.Globalization;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>The results as a Markdown table.</summary>
internal static class CompareTable
{
    public static void Write(IEnumerable<ComparedWorkload> results, TextWriter output)
    {
        output.WriteLine("| threads | workload | penstock tokens/CPU s | llama.cpp | ratio | penstock tokens/s | llama.cpp | ratio |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (var item in results)
        {
            var workload = item.Kind == "decode" ? $"decode, batch {item.Size}" : $"prefill, {item.Size} tokens";
            output.WriteLine(
                $"| {item.Threads} | {workload} | {Number(item.Penstock?.TokensPerCpuS)} | {Number(item.LlamaCpp?.TokensPerCpuS)} | {Ratio(item.CpuRatio)} | {Number(item.Penstock?.TokensPerS)} | {Number(item.LlamaCpp?.TokensPerS)} | {Ratio(item.WallRatio)} |");
        }
    }

    private static string Number(double? value) => value?.ToString("F1", CultureInfo.InvariantCulture) ?? "";

    private static string Ratio(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "";
}
