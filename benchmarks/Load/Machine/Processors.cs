using System.Diagnostics;

namespace Penstock.Benchmarks.Load.Machine;

/// <summary>Processor time and memory as Linux counts them. In steps of 10 ms: measure for seconds.</summary>
internal static class Processors
{
    private const double TicksPerSecond = 100;

    /// <summary>Seconds in which a processor of the machine was busy, whoever with, since it was started.</summary>
    public static double Busy()
    {
        // user nice system idle iowait irq softirq steal
        var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(double.Parse).ToArray();
        return (times.Sum() - times[3] - times[4]) / TicksPerSecond;
    }

    /// <summary>Seconds of processor time that a process and its children (nginx's workers) have used.</summary>
    public static double Of(Process process) => Family(process.Id).Sum(id =>
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11]) + double.Parse(fields[12])) / TicksPerSecond;
    });

    /// <summary>Bytes of memory that a process and its children have in use.</summary>
    public static long Resident(Process process) => Family(process.Id).Sum(id =>
        long.Parse(File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) << 10);

    private static IEnumerable<int> Family(int id) =>
        [id, .. File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
