using System.Diagnostics;

namespace Penstock.Benchmarks.Load.Machine;

/// <summary>Who used the processors since it was made: the measured process, all that take part, everybody else.</summary>
/// <param name="measured">The process in front; null = none, the clients call the upstream.</param>
/// <param name="others">What else takes part, besides this process.</param>
internal sealed class CpuMeter(Process? measured, IReadOnlyList<Process> others)
{
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly double busy = Processors.Busy();
    private readonly double ofMeasured = Of(measured);
    private readonly double ofOthers = Others(others);

    /// <summary>Seconds since then.</summary>
    public double Elapsed => Stopwatch.GetElapsedTime(start).TotalSeconds;

    /// <summary>Processor seconds of the measured process.</summary>
    public double Measured() => Of(measured) - ofMeasured;

    /// <summary>The share of the machine that was busy.</summary>
    public double Box() => (Processors.Busy() - busy) / Elapsed / Environment.ProcessorCount;

    /// <summary>The share of the machine that somebody used who takes no part: the noise of the measurement.</summary>
    public double Noise() => Math.Max(0, Processors.Busy() - busy - Measured() - (Others(others) - ofOthers)) / Elapsed / Environment.ProcessorCount;

    private static double Of(Process? process) => process is null ? 0 : Processors.Of(process);

    private static double Others(IReadOnlyList<Process> others) => Environment.CpuUsage.TotalTime.TotalSeconds + others.Sum(Processors.Of);
}
